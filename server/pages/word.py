"""The answer sheet as a Word document that can be circulated."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx.document import Document as DocumentObject
from docx.table import Table

from loader.dates import in_words
from server import filters
from server.pages import links, word_parts
from server.pages.downloads import review, step

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOTICE = (
    "Not an official NHS document, and not legal advice. Read the source behind each statement."
)
_SUMMARY = (
    ("Power", 5.2),
    ("Holder", 2.2),
    ("Legal basis", 4.4),
    ("Standard", 2.4),
    ("Appeal", 2.8),
)
_NAME, _VALUE = 3.6, 13.4

Item = dict[str, Any]


def docx_file(answer: Item, address: str = "") -> tuple[bytes, str]:
    """The sheet as a Word document, and the media type; `address` is its permanent link."""
    organisation = answer["organisation"]
    day = in_words(date.fromisoformat(answer["asOf"]))
    title = f"Powers over {organisation['name']} on {day}"
    document = word_parts.new(title)
    document.add_heading(title, level=0)
    _opening(document, answer, address)
    document.add_heading("Powers that apply", level=1)
    if answer["applies"]:
        _summary(document, answer["applies"], answer["asOf"])
    else:
        document.add_paragraph("No power in the register applies on that day.")
    _refusals(document, answer["doesNotApply"])
    _doubts(document, answer["unknown"])
    if answer["applies"]:
        document.add_heading("Each power that applies", level=1)
    for item in answer["applies"]:
        _applying(document, item, answer["asOf"])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), DOCX


def _opening(document: DocumentObject, answer: Item, address: str) -> None:
    organisation = answer["organisation"]
    types = ", ".join(organisation["types"]) or "none known"
    document.add_paragraph(f"Code {organisation['code']}. Types on that day: {types}.")
    if answer.get("holder"):
        document.add_paragraph(f"Only powers held by {answer['holder']['label']} are listed.")
    applying, refused = len(answer["applies"]), len(answer["doesNotApply"])
    told = (
        f"{filters.count(applying, 'power')} {'applies' if applying == 1 else 'apply'}; "
        f"{filters.count(refused, 'power')} {'does' if refused == 1 else 'do'} not apply; "
        f"{len(answer['unknown'])} cannot be told."
    )
    document.add_paragraph(told)
    paragraph = document.add_paragraph(f"Source: Remit, data version {answer['dataVersion']}. ")
    if address:
        word_parts.link(paragraph, "Permanent link to this sheet", address)
    document.add_paragraph(NOTICE)


def _summary(document: DocumentObject, items: list[Item], as_of: str) -> None:
    widths = [width for _, width in _SUMMARY]
    made = word_parts.table(document, [name for name, _ in _SUMMARY], widths)
    for item in items:
        cells = word_parts.row(made)
        standard = (item["standard"] or {}).get("label") or "Not stated"
        short = {**(item["review"] or {}), "grounds": None}
        for place, text in (
            (0, item["power"]["label"]),
            (1, _holder(item)),
            (3, standard),
            (4, review(short)),
        ):
            word_parts.lines(cells[place], [text])
        _basis(cells[2].paragraphs[0], item, as_of)
    word_parts.set_widths(made, widths)


def _refusals(document: DocumentObject, items: list[Item]) -> None:
    document.add_heading("Powers that do not apply", level=1)
    if not items:
        document.add_paragraph("None.")
        return
    widths = (5.2, 3.8, 8.0)
    made = word_parts.table(document, ("Power", "Condition that fails", "Why"), widths)
    for item in items:
        cells = word_parts.row(made)
        texts = (item["power"]["label"], filters.failure(item["failedCondition"]), item["because"])
        for cell, text in zip(cells, texts, strict=True):
            word_parts.lines(cell, [text])
    word_parts.set_widths(made, widths)


def _doubts(document: DocumentObject, items: list[Item]) -> None:
    document.add_heading("Powers where it cannot be told", level=1)
    if not items:
        document.add_paragraph("None.")
        return
    widths = (5.2, 11.8)
    made = word_parts.table(document, ("Power", "The missing fact"), widths)
    for item in items:
        cells = word_parts.row(made)
        word_parts.lines(cells[0], [item["power"]["label"]])
        word_parts.lines(cells[1], [item["missing"]])
    word_parts.set_widths(made, widths)


def _applying(document: DocumentObject, item: Item, as_of: str) -> None:
    document.add_heading(item["power"]["label"], level=2)
    if item["definition"]:
        document.add_paragraph(item["definition"])
    made = word_parts.facts(document)
    _fact(made, "Holder", [_holder(item)])
    _basis(_fact(made, "Legal basis", [""]).paragraphs[0], item, as_of)
    can_arise = [each["label"] for each in item["grounds"] if each["canArise"]]
    reasons = [
        f"{filters.condition(each['condition'])}: {each['because']}" for each in item["trace"]
    ]
    sources = filters.by_document(item["sources"])
    facts = (
        ("Standard", [(item["standard"] or {}).get("label") or "Not stated"]),
        ("How binding", [filters.bindingness(item["bindingness"])[0]]),
        ("Grounds that can arise", can_arise),
        ("Before it is used", [str(each) for each in item["preconditions"] or ()]),
        ("Limits", filters.glance(item)),
        ("Procedure", [step(each) for each in item["procedure"]]),
        ("Appeal", [review(item["review"] or {})]),
        ("Why it applies", reasons),
        ("Sources", [f"{title}: {_places(places)}" for title, places in sources]),
    )
    for name, texts in facts:
        if texts:
            _fact(made, name, texts)
    word_parts.set_widths(made, (_NAME, _VALUE))


def _fact(made: Table, name: str, texts: list[str]) -> Any:
    cells = word_parts.row(made)
    cells[0].paragraphs[0].add_run(name).bold = True
    word_parts.lines(cells[1], texts)
    return cells[1]


def _basis(paragraph: Any, item: Item, as_of: str) -> None:
    """The provisions, each with a link to the text as it stood on the day."""
    for place, each in enumerate(item["basis"]):
        if place:
            paragraph.add_run("; ")
        if "legislation.gov.uk" in each["id"]:
            word_parts.link(paragraph, each["label"], links.legislation(each["id"], as_of))
        else:
            paragraph.add_run(each["label"])
    if not item["basis"]:
        paragraph.add_run(item["basisStatement"] or "None stated")


def _holder(item: Item) -> str:
    return str((item["holder"] or {}).get("label") or "Not known")


def _places(places: list[Item]) -> str:
    return ", ".join(each["locator"] for each in places if each["locator"]) or "the whole"
