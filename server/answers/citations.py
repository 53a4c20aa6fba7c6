"""Citations as lawyers write them: ``s106``, ``section 106 of the 2012 Act``, ``14Z61``, ``Sch 11 para 3(3)``."""

from __future__ import annotations

import re

from loader.terms import LEGISLATION

_ACTS = {
    "2006": ("ukpga/2006/41",),
    "2012": ("ukpga/2012/7",),
    "2022": ("ukpga/2022/31",),
}
_ALL = tuple(act for acts in _ACTS.values() for act in acts)
_SECTION = re.compile(
    r"\b(?:s|ss|sec|section)\.?\s*(\d+[A-Z]*\d*[A-Z]*)((?:\(\w+\))*)", re.IGNORECASE
)
_BARE = re.compile(r"^\s*(\d+[A-Z]+\d*[A-Z]?|\d{2,3})((?:\(\w+\))*)\s*$", re.IGNORECASE)
_SCHEDULE = re.compile(
    r"\bsch(?:edule)?\.?\s*(\d+[A-Z]*)(?:,?\s*para(?:graph)?\.?\s*(\d+)((?:\(\w+\))*))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(2006|2012|2022)\b")


def provisions_cited(text: str) -> set[str]:
    """Return the identifiers of provisions that a citation can mean, over the Acts that Remit holds.

    Without a year the citation can mean the provision of that number in any of the Acts.
    """
    acts = [act for year in _YEAR.findall(text) for act in _ACTS[year]] or list(_ALL)
    without_year = _YEAR.sub("", text) if len(text) > 6 else text
    paths = set()
    for match in _SCHEDULE.finditer(without_year):
        path = f"schedule/{match[1].upper()}"
        paths.add(path + (f"/paragraph/{match[2]}{_parts(match[3])}" if match[2] else ""))
    for pattern in (_SECTION, _BARE):
        for match in pattern.finditer(without_year):
            paths.add(f"section/{match[1].upper()}{_parts(match[2])}")
    return {f"{LEGISLATION}{act}/{path}" for act in acts for path in paths}


def _parts(text: str | None) -> str:
    return "".join(f"/{part}" for part in re.findall(r"\((\w+)\)", text or ""))
