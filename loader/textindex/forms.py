"""How names are written: put into one form, so that ways of writing the same name agree."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz, process

_WORD = re.compile(r"[a-z0-9]+")
_LONG = {
    "ft": "foundation trust",
    "nhsft": "nhs foundation trust",
    "nhst": "nhs trust",
    "icb": "integrated care board",
    "ics": "integrated care system",
    "ccg": "clinical commissioning group",
    "univ": "university",
    "uni": "university",
    "hosp": "hospital",
    "hosps": "hospitals",
    "hsp": "hospital",
    "gen": "general",
    "teach": "teaching",
    "ambo": "ambulance",
    "amb": "ambulance",
    "serv": "service",
    "svc": "service",
    "svcs": "services",
    "comm": "community",
    "mh": "mental health",
    "dept": "department",
    "trst": "trust",
    "ltd": "limited",
    "rd": "road",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "beds": "bedfordshire",
    "berks": "berkshire",
    "bucks": "buckinghamshire",
    "cambs": "cambridgeshire",
    "glos": "gloucestershire",
    "hants": "hampshire",
    "herts": "hertfordshire",
    "lancs": "lancashire",
    "leics": "leicestershire",
    "lincs": "lincolnshire",
    "mids": "midlands",
    "northants": "northamptonshire",
    "notts": "nottinghamshire",
    "oxon": "oxfordshire",
    "staffs": "staffordshire",
    "warks": "warwickshire",
    "wilts": "wiltshire",
    "worcs": "worcestershire",
    "yorks": "yorkshire",
    "ne": "north east",
    "nw": "north west",
    "se": "south east",
    "sw": "south west",
}
_NOISE = frozenset(["the", "of", "and", "for", "in"])
COMMON = frozenset(
    (
        *("nhs", "trust", "foundation", "care", "board", "integrated", "hospital", "hospitals"),
        *("university", "health", "healthcare", "group", "clinical", "commissioning"),
        *("service", "services", "limited", "teaching", "partnership"),
    )
)
_SPELT = tuple(sorted(word for word in COMMON if len(word) >= 5))
_NEAR = 85


@lru_cache(maxsize=20_000)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, with abbreviations written out and small words left out.

    A misspelt common word (“hosptial”) is put right, so that it is not taken for a name.
    """
    text = name.lower().replace("&", " and ").replace("'", "").replace("’", "")
    found: list[str] = []
    for word in _WORD.findall(text):
        found.extend(_LONG.get(word, _spelt(word)).split())
    return tuple(word for word in found if word not in _NOISE)


@lru_cache(maxsize=20_000)
def _spelt(word: str) -> str:
    """Return a misspelt common word as it is spelt, any other word as it is."""
    if len(word) < 5 or word in COMMON:
        return word
    near = process.extractOne(word, _SPELT, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return near[0] if near else word


def form(name: str) -> str:
    """Return a name in its one form."""
    return " ".join(words(name))


def telling(name: str) -> tuple[str, ...]:
    """Return the words that tell one organisation from another; all words where none does."""
    found = words(name)
    return tuple(word for word in found if word not in COMMON) or found
