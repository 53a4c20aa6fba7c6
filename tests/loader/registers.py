"""A small, whole set of registers for tests of reading, building and checking."""

from pathlib import Path

SOURCES = """\
graph: {title: Sources}
entries:
  - {id: document/guide, type: Guidance, label: A guide}
  - {id: eg:para-1, type: Passage, label: Para 1, document: document/guide, locator: para 1}
  - {id: standard/satisfied, type: Standard, label: Satisfied}
  - {id: appeal/none, type: AppealRoute, label: None, availability: appeal-excluded, statedIn: [eg:para-1]}
"""
ORGANISATIONS = """\
graph: {title: Organisations}
entries:
  - id: organisation/regulator
    type: Organisation
    label: Regulator
    existsFrom: 2010-01-01
    memberships: [{class: NationalBody, from: 2010-01-01, statedIn: [eg:para-1]}]
  - id: organisation/T1
    type: Organisation
    odsCode: T1
    label: First Trust
    existsFrom: 2010-01-01
    memberships:
      - {class: NHSTrust, from: 2010-01-01, to: 2020-01-01, statedIn: [eg:para-1]}
      - {class: FoundationTrust, from: 2020-01-01, statedIn: [eg:para-1]}
  - id: organisation/T2
    type: Organisation
    odsCode: T2
    label: Second Trust
    existsFrom: 2010-01-01
    memberships:
      - {class: FoundationTrust, attestedFrom: 2022-01-01, statedIn: [eg:para-1]}
  - id: organisation/T3
    type: Organisation
    odsCode: T3
    label: Third Trust
    attestedFrom: 2015-01-01
    memberships:
      - {class: NHSProviderTrust, attestedFrom: 2015-01-01, statedIn: [eg:para-1]}
"""
POWERS = """\
graph: {title: Powers}
entries:
  - id: power/direct
    type: Power
    label: Direct an NHS trust
    definition: A direction.
    bindingness: statutory
    basisStatement: None is cited.
    holdings: [{holder: organisation/regulator, from: 2012-01-01, to: 2030-01-01, statedIn: [eg:para-1]}]
    inForceFrom: 2012-01-01
    standard: standard/satisfied
    review: appeal/none
    over: [NHSTrust]
    statedIn: [eg:para-1]
"""


def write(folder: Path, **changed: str) -> Path:
    """Write the registers into ``folder/law``, with the text of single files changed."""
    texts = {"sources": SOURCES, "organisations": ORGANISATIONS, "powers": POWERS, **changed}
    (folder / "law").mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / "law" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder
