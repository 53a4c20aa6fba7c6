"""The answer sheet as a Word document."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject

from loader.dates import in_words
from server import filters
from server.pages.downloads import review, source, step

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_file(answer: dict[str, Any]) -> tuple[bytes, str]:
    """The sheet as a Word document with headings and lists, and the media type."""
    document = Document()
    organisation = answer["organisation"]
    day = in_words(date.fromisoformat(answer["asOf"]))
    document.core_properties.title = f"Powers over {organisation['name']} on {day}"
    document.add_heading(f"Powers over {organisation['name']} on {day}", level=0)
    types = ", ".join(organisation["types"]) or "no class known"
    document.add_paragraph(f"Code {organisation['code']}; on that day: {types}.")
    document.add_paragraph(f"Remit, data version {answer['dataVersion']}.")
    document.add_heading("Powers that apply", level=1)
    for item in answer["applies"]:
        _applying(document, item)
    document.add_heading("Powers that do not apply", level=1)
    for item in answer["doesNotApply"]:
        document.add_heading(item["power"]["label"], level=2)
        document.add_paragraph(f"{filters.failure(item['failedCondition'])}. {item['because']}")
    document.add_heading("Powers where it cannot be told", level=1)
    for item in answer["unknown"]:
        document.add_heading(item["power"]["label"], level=2)
        document.add_paragraph(f"The missing fact: {item['missing']}")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), DOCX


def _applying(document: DocumentObject, item: dict[str, Any]) -> None:
    document.add_heading(item["power"]["label"], level=2)
    if item["definition"]:
        document.add_paragraph(item["definition"])
    basis = "; ".join(each["label"] for each in item["basis"]) or item["basisStatement"] or ""
    facts = {
        "Holder": (item["holder"] or {}).get("label", ""),
        "Legal basis": basis,
        "Standard": (item["standard"] or {}).get("label", ""),
        "Grounds that can arise": "; ".join(g["label"] for g in item["grounds"] if g["canArise"]),
        "Limits": "; ".join(filters.glance(item)),
        "Appeal": review(item["review"] or {}),
        "Why it applies": " ".join(each["because"] for each in item["trace"]),
        "Sources": "; ".join(source(each) for each in item["sources"]),
    }
    for name, text in facts.items():
        if text:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)
    for each in item["procedure"]:
        document.add_paragraph(step(each), style="List Bullet")
