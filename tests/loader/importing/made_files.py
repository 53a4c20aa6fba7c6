"""Small invented files in published formats, and the statements of an import."""

from pathlib import Path

import pyoxigraph as ox

from loader.terms import DEF, ID


def date_xml(kind: str, start: str, end: str = "") -> str:
    ending = f'<End value="{end}"/>' if end else ""
    return f'<Date><Type value="{kind}"/><Start value="{start}"/>{ending}</Date>'


def organisation_xml(code: str, name: str, dates: str, roles: str = "", more: str = "") -> str:
    return (
        f'<Organisation orgRecordClass="RC1"><Name>{name}</Name>{dates}<OrgId extension="{code}"/>'
        f'<Status value="Active"/><Roles>{roles}</Roles>{more}</Organisation>'
    )


def register_xml(*organisations: str) -> str:
    start = '<OrgRefData><Manifest><PublicationDate value="2026-07-01"/></Manifest><Organisations>'
    return f"{start}{''.join(organisations)}</Organisations></OrgRefData>"


def cell(text: str) -> str:
    if not text:
        return '<table:table-cell table:number-columns-repeated="1"/>'
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


class Statements:
    """The statements of an import, to be asked by subject and property."""

    def __init__(self, path: Path) -> None:
        self.quads = list(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))

    def values(self, subject: str, name: str) -> list[str]:
        wanted = f"{ID}{subject}"
        prop = name if name.startswith("http") else f"{DEF}{name}"
        return sorted(
            q.object.value
            for q in self.quads
            if q.subject.value == wanted and q.predicate.value == prop
        )

    def facts(self, subject: str, link: str) -> list[dict[str, str]]:
        nodes = self.values(subject, link)
        return sorted(
            (
                {
                    q.predicate.value.removeprefix(DEF): q.object.value.removeprefix(
                        DEF
                    ).removeprefix(ID)
                    for q in self.quads
                    if q.subject.value == node
                }
                for node in nodes
            ),
            key=str,
        )
