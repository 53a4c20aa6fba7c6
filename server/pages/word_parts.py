"""What a circulated Word document needs beyond python-docx: page numbers, links, repeated heads, widths."""

from __future__ import annotations

from collections.abc import Sequence

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Arial"
BLUE = RGBColor(0x00, 0x5E, 0xB8)
TEXT_WIDTH = 17.0
LANGUAGE = "en-GB"


def new(title: str) -> DocumentObject:
    """An A4 document in British English with its title, and page numbers in the foot of every page."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.core_properties.title = title
    document.core_properties.author = "Remit"
    document.core_properties.comments = ""
    document.core_properties.language = LANGUAGE
    sizes = {"Normal": 10, "Title": 20, "Heading 1": 15, "Heading 2": 12}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), FONT)
        if name != "Normal":
            style.font.color.rgb = BLUE
            style.paragraph_format.keep_with_next = True
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), LANGUAGE)
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    _numbered_foot(section.footer.paragraphs[0], title)
    return document


def table(document: DocumentObject, heads: Sequence[str], widths: Sequence[float]) -> Table:
    """A table with a bold head that is repeated on every page; widths in centimetres."""
    made: Table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    made.autofit = False
    head = made.rows[0]
    for cell, text in zip(head.cells, heads, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    head._tr.get_or_add_trPr().append(repeat)
    set_widths(made, widths)
    return made


def facts(document: DocumentObject) -> Table:
    """A table of names and values, without a head."""
    made: Table = document.add_table(rows=0, cols=2, style="Table Grid")
    made.autofit = False
    return made


def row(made: Table) -> list[_Cell]:
    """The cells of a new row."""
    return list(made.add_row().cells)  # type: ignore[no-untyped-call]


def set_widths(made: Table, widths: Sequence[float]) -> None:
    """Gives every cell the width of its column (Word reads cells, other programs read columns)."""
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    for each in made.rows:
        for cell, width in zip(each.cells, widths, strict=True):
            cell.width = Cm(width)
        whole = OxmlElement("w:cantSplit")
        each._tr.get_or_add_trPr().append(whole)


def lines(cell: _Cell, texts: Sequence[str]) -> None:
    """Fills an empty cell with paragraphs."""
    for place, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.add_run(text)


def link(paragraph: Paragraph, text: str, address: str) -> None:
    """Adds a link to a paragraph."""
    identifier = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    made = OxmlElement("w:hyperlink")
    made.set(qn("r:id"), identifier)
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.underline = BLUE, True
    made.append(run._r)
    paragraph._p.append(made)


def _numbered_foot(paragraph: Paragraph, title: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.add_run(f"{title}. Page ").font.size = Pt(8)
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ").font.size = Pt(8)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, instruction: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (
        ("begin", ""),
        ("", instruction),
        ("separate", ""),
        ("text", "1"),
        ("end", ""),
    ):
        if kind in ("begin", "separate", "end"):
            made = OxmlElement("w:fldChar")
            made.set(qn("w:fldCharType"), kind)
        else:
            made = OxmlElement("w:t" if kind == "text" else "w:instrText")
            made.text = text
        run._r.append(made)
