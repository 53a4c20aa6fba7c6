"""Find the organisations that a name or code can mean, with a score that its features explain."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

from loader.textindex.forms import COMMON, form
from server.reconciliation.body import Body, Name
from server.reconciliation.register import Register

_MOST_CANDIDATES = 60
_SURE, _MARGIN = 90.0, 6.0
_FORMER, _CLOSED, _FOLLOWED = 2.0, 12.0, 4.0
_POSTCODE, _WRONG_POSTCODE = 6.0, 8.0


@dataclass(frozen=True)
class Asked:
    """What is asked: the text, and what else the row of the table says."""

    text: str
    on: date | None = None
    types: tuple[str, ...] = ()
    strict: bool = False
    postcode: str = ""
    code: str = ""
    limit: int = 5


@dataclass
class Candidate:
    """An organisation that may be meant, its score from 0 to 100, and what the score is made of."""

    body: Body
    score: float
    name: str
    features: dict[str, float | bool] = field(default_factory=dict)
    match: bool = False


def candidates(register: Register, asked: Asked, today: date) -> list[Candidate]:
    """Return candidates, best first. With a date, an organisation that has ended leads to its successors.

    One candidate is a match when it scores 90 or more and leads the next by 6.
    """
    on = asked.on or today
    found: dict[str, Candidate] = {}
    for body in _by_code(register, asked):
        _keep(found, _scored(body, asked, on, by_code=True))
    near = register.like(asked.text, _MOST_CANDIDATES)
    if asked.postcode:
        near += register.at(_postcode(asked.postcode))
    for body in near:
        if body.id not in found:
            _keep(found, _scored(body, asked, on, by_code=False))
    for each in list(found.values()):
        if not each.body.exists(on) and each.score >= 60:
            _follow(register, found, each, asked, on)
    chosen = [each for each in found.values() if each.score >= 40 and _fits(each, asked, on)]
    chosen.sort(key=lambda each: (-each.score, each.body.label, each.body.id))
    _decide(chosen)
    return chosen[: asked.limit]


def _by_code(register: Register, asked: Asked) -> list[Body]:
    codes = [asked.code, asked.text] + [word.strip("()[],") for word in asked.text.split()]
    # A word in capitals within a longer text counts as a code only as it stands.
    sure = {asked.code.upper(), asked.text.strip().upper()} | {c for c in codes if c.isupper()}
    likely = dict.fromkeys(code.strip().upper() for code in codes if len(code.strip()) >= 3)
    found = [body for code in likely if code in sure for body in register.coded(code)]
    return [body for body in found if body.codes & sure]


def _scored(body: Body, asked: Asked, on: date, by_code: bool) -> Candidate:
    name, likeness = _best_name(body, asked.text)
    features: dict[str, float | bool] = {"name_similarity": round(likeness, 1), "code": by_code}
    score = likeness
    if by_code:
        plain = asked.code.upper() in body.codes or asked.text.strip().upper() in body.codes
        score = 100.0 if plain else max(likeness, 96.0)
    elif name and not name.held(on):
        score -= _FORMER
        features["former_name"] = True
    if asked.postcode:
        same = _postcode(asked.postcode) in {
            _postcode(value) for value in body.facts.get("postcode", ())
        }
        features["postcode"] = same
        score += _POSTCODE if same else -_WRONG_POSTCODE
    exists = body.exists(on)
    features["exists_on_date"] = exists
    if asked.on and not exists:
        score -= _CLOSED
    return Candidate(
        body, max(0.0, min(100.0, score)), name.written if name else body.label, features
    )


def _best_name(body: Body, text: str) -> tuple[Name | None, float]:
    wanted = form(text)
    best: tuple[Name | None, float] = (None, 0.0)
    for name in body.names:
        likeness = _likeness(wanted, name.form)
        if likeness > best[1]:
            best = (name, likeness)
    return best


def _likeness(wanted: str, have: str) -> float:
    """Return from 0 to 100 how alike two names are; words that tell organisations apart weigh most."""
    if wanted == have:
        return 100.0
    whole = max(fuzz.token_sort_ratio(wanted, have), fuzz.ratio(wanted, have))
    mine = " ".join(word for word in wanted.split() if word not in COMMON) or wanted
    theirs = " ".join(word for word in have.split() if word not in COMMON) or have
    core = max(fuzz.token_sort_ratio(mine, theirs), fuzz.ratio(mine, theirs))
    if mine == theirs:
        core = 100.0
    if mine == theirs and set(wanted.split()) <= set(have.split()):
        return 94.0 + 0.05 * whole  # nothing but words that many names share is left out
    likeness = min(99.0, 0.35 * whole + 0.65 * core)
    some, all_ = set(mine.split()), set(theirs.split())
    if some <= all_:
        return max(likeness, 55.0 + 35.0 * len(some) / len(all_))
    return likeness


def _follow(
    register: Register, found: dict[str, Candidate], ended: Candidate, asked: Asked, on: date
) -> None:
    followers = register.followers(ended.body, on)
    reached = ended.score + (_CLOSED if asked.on else 0.0)
    penalty = _FOLLOWED if asked.on else _CLOSED
    for body, chain in followers:
        score = max(0.0, min(100.0, reached - penalty))
        features = dict(ended.features)
        features.update(
            exists_on_date=True, through_succession=len(chain), successors=len(followers)
        )
        _keep(found, Candidate(body, score, body.name(on), features))


def _keep(found: dict[str, Candidate], each: Candidate) -> None:
    before = found.get(each.body.id)
    if before is None or each.score > before.score:
        found[each.body.id] = each


def _fits(each: Candidate, asked: Asked, on: date) -> bool:
    if not asked.types:
        return True
    has = set(each.body.types(on)) | {"Organisation"}
    agrees = bool(has & set(asked.types))
    each.features["type"] = agrees
    if not agrees:
        each.score = max(0.0, each.score - 15)
    return agrees or not asked.strict


def _decide(chosen: list[Candidate]) -> None:
    if not chosen or chosen[0].score < _SURE:
        return
    second = chosen[1].score if len(chosen) > 1 else 0.0
    chosen[0].match = chosen[0].score - second >= _MARGIN


def _postcode(text: str) -> str:
    return text.upper().replace(" ", "")
