"""Make a realistic register of organisations of any size, for tests and benchmarks: HSCOrgRefData XML and CQC tables.

Everything is invented and follows from the seed, so that two runs give the same bytes. Shapes follow the real register:
about one organisation in 1,400 is a trust, most are sites, practices, pharmacies and prescribing cost centres; codes,
relations (geography, operation, commissioning), successions and closed organisations occur as they do there. A release
of an earlier day shows the same register before what happened since: openings, closings, renamings, moves, successions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TextIO
from xml.sax.saxutils import quoteattr

from loader.generator_releases import LATEST, Around, Made, as_at

_TOWNS = (
    "Ashmere", "Birkholm", "Coldbrook", "Dunford", "Eastwick", "Fernhill", "Greystone", "Harrowby",
    "Inkberrow", "Kingsmoor", "Longmarsh", "Millbridge", "Northcliffe", "Oakhampton", "Penrose",
    "Quarrydale", "Redmire", "Stonebeck", "Thornbury Heath", "Upper Marden", "Westerham", "Yarrowby",
)  # fmt: skip
_FIRST = (
    "Abbey", "Beacon", "Castle", "Dale", "Elm", "Forest", "Grange", "Hill", "Ivy", "Kings", "Lake",
    "Manor", "North", "Orchard", "Park", "Queens", "River", "Spring", "Tower", "Valley", "Wood",
)  # fmt: skip
_KINDS: tuple[tuple[str, int, str, str, bool], ...] = (
    # role, weight, code prefix, end of the name, site
    ("RO177", 70, "Y", "SURGERY", False),
    ("RO198", 230, "S", "HOSPITAL SITE", True),
    ("RO182", 60, "F", "PHARMACY", False),
    ("RO176", 180, "N", "CLINIC", True),
    ("RO172", 40, "A", "HEALTHCARE LIMITED", False),
    ("RO157", 180, "8", "CARE LIMITED", False),
    ("RO101", 120, "V", "CARE HOME", True),
    ("RO96", 20, "B", "BRANCH SURGERY", False),
    ("RO65", 40, "D", "DENTAL PRACTICE", False),
)
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")
_START = date(1990, 4, 1)


def organisations(count: int, seed: int = 1, released: date = LATEST) -> Iterator[Made]:
    """Yield the organisations of a register of ``count`` as a release shows them, without those that opened later.

    Areas come first, then trusts, then everything that relates to them.
    """
    around = Around(_boards(count), _trusts(count), _other_name)
    for made in _latest(count, seed):
        if (shown := as_at(made, released, seed, around)) is not None:
            yield shown


def _boards(count: int) -> list[str]:
    return [f"QZ{_base(n, 3)}" for n in range(max(2, min(42, count // 50)))]


def _trusts(count: int) -> list[str]:
    return [f"RZ{_base(n, 3)}" for n in range(max(2, count // 1_400))]


def _latest(count: int, seed: int) -> Iterator[Made]:
    chance = Random(seed)  # noqa: S311 - invented data, not a secret
    boards, trusts = _boards(count), _trusts(count)
    kinds, weights = list(_KINDS), [kind[1] for kind in _KINDS]
    for number in range(count):
        if number < len(boards):
            yield _area(chance, boards[number])
        elif number < len(boards) + len(trusts):
            yield _trust(chance, trusts[number - len(boards)], boards)
        else:
            role, _, prefix, ending, site = chance.choices(kinds, weights)[0]
            code = f"{prefix}{_base(number, 6)}"
            yield _other(chance, (code, role, ending, site), boards, trusts)


def _area(chance: Random, code: str) -> Made:
    town = chance.choice(_TOWNS).upper()
    name = f"NHS {town} AND {chance.choice(_TOWNS).upper()} INTEGRATED CARE BOARD"
    place = _place(chance)
    return Made(
        code,
        name,
        (("RO261", True), ("RO318", False)),
        date(2022, 7, 1),
        None,
        False,
        *place,
        (),
        None,
    )


def _trust(chance: Random, code: str, boards: list[str]) -> Made:
    foundation = chance.random() < 0.66
    ending = "NHS FOUNDATION TRUST" if foundation else "NHS TRUST"
    name = f"{chance.choice(_FIRST)} {chance.choice(_TOWNS)} {ending}".upper()
    roles = (("RO197", True), ("RO57", False)) if foundation else (("RO197", True),)
    relations = (("RE5", chance.choice(boards)),)
    return Made(code, name, roles, _day(chance), None, False, *_place(chance), relations, None)


def _other(
    chance: Random, kind: tuple[str, str, str, bool], boards: list[str], trusts: list[str]
) -> Made:
    code, role, ending, site = kind
    first = _day(chance)
    closed = chance.random() < 0.35
    last = first + timedelta(days=chance.randrange(200, 6_000)) if closed else None
    relations: list[tuple[str, str]] = [("RE5", chance.choice(boards))]
    relations.append(("RE6" if site else "RE4", chance.choice(trusts)))
    if chance.random() < 0.4:
        relations.append(("RE4", chance.choice(boards)))
    roles = ((role, True), ("RO76", False)) if role == "RO177" else ((role, True),)
    town = chance.choice(_TOWNS)
    name = f"{chance.choice(_FIRST)} {chance.choice(('Lane', 'Street', 'Road', 'House', 'View'))} {town} {ending}"
    street, _, postcode = _place(chance)
    successor = chance.choice(trusts) if closed and site and chance.random() < 0.1 else None
    if last and last >= LATEST:
        last = successor = None
    place = (street, town.upper(), postcode)
    return Made(code, name.upper(), roles, first, last, site, *place, tuple(relations), successor)


def _other_name(chance: Random, name: str) -> str:
    """Return the name with another first word: what an organisation was called before."""
    word, _, rest = name.partition(" ")
    return f"{chance.choice([each for each in _FIRST if each.upper() != word]).upper()} {rest}"


def _place(chance: Random) -> tuple[str, str, str]:
    street = f"{chance.randrange(1, 400)} {chance.choice(_FIRST).upper()} {chance.choice(('ROAD', 'STREET', 'LANE'))}"
    letters = "ABCDEFGHJLMNPRSTUWXYZ"
    outward = f"{chance.choice(letters)}{chance.choice(letters)}{chance.randrange(1, 90)}"
    inward = f"{chance.randrange(1, 10)}{chance.choice(letters)}{chance.choice(letters)}"
    return street, chance.choice(_TOWNS).upper(), f"{outward} {inward}"


def _day(chance: Random) -> date:
    return _START + timedelta(days=chance.randrange(0, 12_000))


def _base(number: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits


def write_xml(path: Path, count: int, seed: int = 1, released: date = LATEST) -> None:
    """Write the release of a day of a register of ``count`` organisations as HSCOrgRefData XML."""
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="utf-8"?>\n<OrgRefData>\n')
        out.write(f'<Manifest><PublicationDate value="{released}"/></Manifest>\n<Organisations>\n')
        for made in organisations(count, seed, released):
            _write_organisation(out, made)
        out.write("</Organisations>\n</OrgRefData>\n")


def _write_organisation(out: TextIO, made: Made) -> None:
    record_class = "RC2" if made.site else "RC1"
    status = "Inactive" if made.last else "Active"
    out.write(f'<Organisation orgRecordClass="{record_class}"><Name>{_text(made.name)}</Name>')
    out.write(
        f'{_dates(made.first, made.last)}<OrgId extension="{made.code}"/><Status value="{status}"/>'
    )
    out.write(f"<GeoLoc><Location><AddrLn1>{made.street}</AddrLn1><Town>{made.town}</Town>")
    out.write(f"<PostCode>{made.postcode}</PostCode></Location></GeoLoc><Roles>")
    for role, primary in made.roles:
        mark = ' primaryRole="true"' if primary else ""
        out.write(f'<Role id="{role}"{mark}>{_dates(made.first, made.last)}</Role>')
    out.write("</Roles><Rels>")
    for relation, target in made.relations:
        out.write(f'<Rel id="{relation}">{_dates(made.first, made.last)}')
        out.write(f'<Target><OrgId extension="{target}"/></Target></Rel>')
    out.write("</Rels>")
    if made.successor and made.last:
        day = made.last + timedelta(days=1)
        out.write('<Succs><Succ><Type>Successor</Type><Date><Type value="Legal"/>')
        out.write(
            f'<Start value="{day}"/></Date><Target><OrgId extension="{made.successor}"/></Target></Succ></Succs>'
        )
    out.write("</Organisation>\n")


def _dates(first: date, last: date | None) -> str:
    end = f'<End value="{last}"/>' if last else ""
    return f'<Date><Type value="Operational"/><Start value="{first}"/>{end}</Date>'


def _text(text: str) -> str:
    return quoteattr(text)[1:-1]


def write_cqc(
    path: Path, count: int, seed: int = 1, released: date = LATEST, share_coded: float = 0.5
) -> None:
    """Write active locations of the Commission (CSV) for the sites and practices of the same release.

    A share of the rows carries the ODS code; names and addresses are misspelt and abbreviated as people do, so
    that links found by likeness can be measured against those by code, which ``true_ods_code`` keeps.
    """
    chance = Random(seed + 1)  # noqa: S311 - invented data, not a secret
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(_CQC_HEADINGS)
        for number, made in enumerate(organisations(count, seed, released)):
            if made.last is None and made.roles[0][0] not in ("RO261",) and chance.random() < 0.6:
                out.writerow(_cqc_row(chance, number, made, share_coded))


_CQC_HEADINGS = (
    "Location ID", "Location HSCA start date", "Location Name", "Location ODS Code", "Location Type/Sector",
    "Location Latest Overall Rating", "Publication Date", "Location Street Address", "Location City",
    "Location Postal Code", "Provider ID", "Provider Name", "true ODS code",
)  # fmt: skip


def _cqc_row(chance: Random, number: int, made: Made, share_coded: float) -> list[str]:
    coded = made.code if chance.random() < share_coded else ""
    started = max(made.first, date(2010, 10, 1)).strftime("%d/%m/%Y")
    return [
        f"1-{100_000_000 + number}", started, _misspelt(chance, made.name.title()), coded,
        "NHS Healthcare Organisation" if made.roles[0][0] == "RO198" else "Independent Healthcare Org",
        chance.choice(_RATINGS), "01/06/2025", _misspelt(chance, made.street.title()), made.town.title(),
        made.postcode if chance.random() < 0.93 else _place(chance)[2],
        f"1-{200_000_000 + number // 5}", f"Provider {number // 5} Limited", made.code,
    ]  # fmt: skip


def _misspelt(chance: Random, text: str) -> str:
    """Return a text with what happens to names on their way through forms: a letter lost or swapped, words cut."""
    for long, short in (("Road", "Rd"), ("Street", "St"), ("Limited", "Ltd"), ("Hospital", "Hosp")):
        if long in text and chance.random() < 0.3:
            text = text.replace(long, short)
    if chance.random() < 0.35 and len(text) > 6:
        place = chance.randrange(1, len(text) - 2)
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if chance.random() < 0.15:
        text = text.rsplit(" ", 1)[0]
    return text
