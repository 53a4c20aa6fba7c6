"""Check the citations of the registers against the source documents, where these are at hand.

Every passage that a fact cites must be found in the text of its document, and the figures, dates
and defined terms of the fact must stand in one of the passages that it cites. What the check needs
to know of a document is data: the name of its text file (``sourceFile``) and the locators, order
and anchors of its passages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loader.sources_facts import CITING, Claim, Node, claims, figures, stands
from loader.sources_text import Passage, SourceText, Span, locate

_COUNTED = {"paragraphs": re.compile(r"para \d+"), "footnotes": re.compile(r"footnote \d+")}
RESOLVED, MISSING, DOUBTFUL, SKIPPED = "resolved", "missing", "doubtful", "skipped"


@dataclass(frozen=True)
class PassageResult:
    """What became of one cited passage; lines are numbered from 1, ``end_line`` included."""

    id: str
    document: str
    locator: str
    status: str
    reason: str = ""
    line: int | None = None
    end_line: int | None = None


@dataclass(frozen=True)
class ClaimResult:
    """A figure, date or term of a fact that stands in none of the passages that the fact cites."""

    entity: str
    field: str
    shown: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Each passage, the claims that do not stand in the text, and how many were compared."""

    directory: Path
    passages: tuple[PassageResult, ...]
    findings: tuple[ClaimResult, ...]
    compared: int

    @property
    def counts(self) -> dict[str, int]:
        """Number of passages by status."""
        return dict(Counter(result.status for result in self.passages))

    @property
    def skipped(self) -> bool:
        """Whether none of the documents was at hand."""
        return all(result.status == SKIPPED for result in self.passages)

    @property
    def clean(self) -> bool:
        """Whether every passage whose document is at hand was found and every claim stands."""
        return not self.findings and not any(
            result.status in (MISSING, DOUBTFUL) for result in self.passages
        )

    def __str__(self) -> str:
        if self.skipped:
            return f"No source document is in {self.directory}; citations were not checked."
        lines = [
            f"{result.status}: {result.id} ({result.locator}): {result.reason}"
            for result in self.passages
            if result.status in (MISSING, DOUBTFUL)
        ]
        lines += [
            f"not in the text: {finding.entity} {finding.field} “{finding.shown}”"
            f" (cites {', '.join(finding.passages)})"
            for finding in self.findings
        ]
        shown = ", ".join(f"{number:,} {status}" for status, number in sorted(self.counts.items()))
        lines.append(f"Passages: {shown}.")
        wrong = len(self.findings)
        lines.append(f"Figures, dates and terms: {self.compared:,} compared, {wrong:,} not found.")
        return "\n".join(lines)


def check(directory: Path, entries: Iterable[Node]) -> Report:
    """Check the passages and facts among ``entries`` against the text files in ``directory``.

    ``entries`` are those of the registers as they are read, identifiers as written there. Documents
    whose text file is not there are skipped, and their passages are reported as skipped.
    """
    known = list(entries)
    passages = [_passage(n, entry) for n, entry in enumerate(known) if "document" in entry]
    results, texts = _locate_all(directory, known, passages)
    cited = {source for entry in known for source in _cited(entry)}
    described = {str(entry["id"]) for entry in known}
    prefixes = {p.id.split(":", 1)[0] for p in passages if ":" in p.id}
    unknown = [
        PassageResult(c, "", c, MISSING, "no register describes this passage.")
        for c in sorted(cited - described)
        if c.split(":", 1)[0] in prefixes
    ]
    compared, findings = _compare(known, {p.id: p for p in passages}, texts)
    compared_counts, wrong = _counts(known, results)
    return Report(directory, (*results, *unknown), (*findings, *wrong), compared + compared_counts)


def _counts(
    entries: Sequence[Node], results: Sequence[PassageResult]
) -> tuple[int, list[ClaimResult]]:
    """Hold the numbers of paragraphs and footnotes that a document states against those found."""
    compared, wrong = 0, []
    for entry in entries:
        found = [r for r in results if r.document == entry["id"] and r.status == RESOLVED]
        for field, pattern in _COUNTED.items():
            if field not in entry or not found:
                continue
            compared += 1
            number = len({r.locator for r in found if pattern.fullmatch(r.locator)})
            if number != entry[field]:
                shown = f"{entry[field]} stated, {number} found"
                wrong.append(ClaimResult(str(entry["id"]), field, shown, ()))
    return compared, wrong


def _passage(position: int, entry: Node) -> Passage:
    return Passage(
        id=str(entry["id"]),
        document=str(entry["document"]),
        locator=str(entry.get("locator", "")),
        order=int(entry.get("locatorOrder", position)),
        parent=str(entry["partOf"]) if "partOf" in entry else None,
        anchor=str(entry["anchor"]) if "anchor" in entry else None,
    )


def _cited(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in CITING:
                yield from (str(one) for one in (item if isinstance(item, list) else [item]))
            else:
                yield from _cited(item)
    elif isinstance(value, list):
        for item in value:
            yield from _cited(item)


def _locate_all(
    directory: Path, entries: Sequence[Node], passages: Sequence[Passage]
) -> tuple[list[PassageResult], dict[str, str]]:
    """Return the result of each passage and, for those found, their text."""
    files = {str(e["id"]): str(e["sourceFile"]) for e in entries if "sourceFile" in e}
    results: list[PassageResult] = []
    texts: dict[str, str] = {}
    by_file: dict[str | None, list[Passage]] = {}
    for passage in passages:
        by_file.setdefault(files.get(passage.document), []).append(passage)
    for name, cited in by_file.items():
        path = directory / name if name else None
        if path is None or not path.is_file():
            reason = f"{name} is not there." if name else "its document names no text file."
            results += [PassageResult(p.id, p.document, p.locator, SKIPPED, reason) for p in cited]
            continue
        text = SourceText(path.read_text(encoding="utf-8", errors="replace"))
        for document, region in _regions(cited, text).items():
            own = [p for p in cited if p.document == document]
            _locate_document(own, text, region, results, texts)
    return results, texts


def _locate_document(
    passages: Sequence[Passage],
    text: SourceText,
    region: Span,
    results: list[PassageResult],
    texts: dict[str, str],
) -> None:
    found = locate(passages, text, region)
    for passage in passages:
        about = (passage.id, passage.document, passage.locator)
        span = found.spans.get(passage.id)
        if span is None:
            reason = found.reasons[passage.id]
            status = DOUBTFUL if reason.startswith("stands in line") else MISSING
            results.append(PassageResult(*about, status, reason))
            continue
        results.append(
            PassageResult(
                *about, RESOLVED, line=text.line(span.start), end_line=text.last_line(span)
            )
        )
        texts[passage.id] = text.without(span, () if passage.footnote else found.notes)


def _regions(passages: Sequence[Passage], text: SourceText) -> dict[str, Span]:
    """Return where each document of a file stands: from its first anchor to that of the next.

    Where several documents share a file, the first passage of each needs an anchor that opens no
    line before the document.
    """
    whole = Span(0, len(text.text))
    starts: dict[str, int] = {}
    for passage in sorted(passages, key=lambda passage: passage.order):
        if passage.anchor and not passage.footnote and passage.document not in starts:
            found = text.phrase(passage.anchor, whole)
            opening = [at for at in found if text.opening(at) == text.line_start(at)]
            starts[passage.document] = min(opening or found, default=0)
    for passage in passages:
        starts.setdefault(passage.document, 0)
    bounds = [*sorted(set(starts.values())), whole.end]
    return {
        document: Span(start, bounds[bounds.index(start) + 1]) for document, start in starts.items()
    }


def _compare(
    entries: Sequence[Node], passages: Mapping[str, Passage], texts: Mapping[str, str]
) -> tuple[int, tuple[ClaimResult, ...]]:
    """Hold each claim against its passages; one that cites a source not at hand is left out."""
    compared = 0
    findings: list[ClaimResult] = []
    for entry in entries:
        own = (str(entry["id"]),) if entry["id"] in passages else ()
        for claim in claims(entry, own):
            sources = tuple(dict.fromkeys(claim.passages))
            if not sources or any(source not in texts for source in sources):
                continue
            compared += 1
            if _locators(sources, passages) >= set(claim.wanted):
                continue
            if not any(stands(claim, texts[source]) for source in sources):
                findings.append(ClaimResult(claim.entity, claim.field, claim.shown, sources))
    return compared, tuple(findings)


def _locators(sources: Sequence[str], passages: Mapping[str, Passage]) -> set[str]:
    return {figure for source in sources for figure in figures(passages[source].locator)}


__all__ = ["Claim", "ClaimResult", "PassageResult", "Report", "check"]
