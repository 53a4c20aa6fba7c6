import pytest
from pyoxigraph import Literal, NamedNode

from loader.errors import RegisterError
from loader.yamlld import locate, read_register

DEF = "https://w3id.org/remit/def/"
ID = "https://w3id.org/remit/id/"


def read(folder, text):
    path = folder / "topic" / "name.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_register(path, folder)


def faults(folder, text):
    with pytest.raises(RegisterError) as raised:
        read(folder, text)
    return raised.value.faults


def test_a_nested_fact_gets_an_identifier_of_its_own(tmp_path):
    register = read(
        tmp_path,
        "graph: {title: T}\nentries:\n  - id: power/x\n    type: Power\n    limits:\n"
        "      - {label: Cap, value: 10, unit: percent}\n",
    )
    quads = {(q.subject, q.predicate, q.object) for q in register.quads()}
    node = NamedNode(f"{ID}power/x#limits-1")
    assert (NamedNode(f"{ID}power/x"), NamedNode(f"{DEF}limit"), node) in quads
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert (node, NamedNode(f"{DEF}value"), Literal("10", datatype=decimal)) in quads
    assert {q.graph_name for q in register.quads()} == {NamedNode(f"{ID}graph/topic/name")}


def test_yaml_keeps_dates_codes_and_small_words_as_text(tmp_path):
    register = read(
        tmp_path,
        "graph: {title: T}\nentries:\n  - {id: x/y, type: Document, label: on, issued: 2022-07-01}\n",
    )
    values = {q.object.value for q in register.quads() if isinstance(q.object, Literal)}
    assert {"on", "2022-07-01"} <= values


@pytest.mark.parametrize(
    ("entry", "line", "field", "message"),
    [
        ("{id: x/y, holdr: z}", 3, "holdr", "Did you mean “holder”?"),
        ("{id: x/y, inForceFrom: 1 July}", 3, "inForceFrom", "a date as YYYY-MM-DD"),
        ("{id: x/y, inForceFrom: 2022-02-30}", 3, "inForceFrom", "a date as YYYY-MM-DD"),
        ("{id: x/y, inForceFrom: '2022-07-01T00:00:00'}", 3, "inForceFrom", "a date as"),
        ("{id: x/y, value: ten}", 3, "value", "a number"),
        ("{id: x/y, statedIn: [a b]}", 3, "statedIn", "cannot be an identifier"),
        ("{id: 'x y'}", 3, "id", "cannot be an identifier"),
        ("{type: Power}", 3, "", "needs an “id”"),
        ("{id: x/y, label: ~}", 3, "label", "has no value"),
        ("{id: x/y, statedIn: [[a]]}", 3, "statedIn", "a list within a list"),
        ("{id: x/y, eg: z}", 3, "eg", "unknown field"),
        ("{id: x/y, '@type': z}", 3, "@type", "unknown field"),
    ],
)
def test_a_fault_names_file_line_and_field(tmp_path, entry, line, field, message):
    (fault,) = faults(tmp_path, f"graph: {{title: T}}\nentries:\n  - {entry}\n")
    assert fault.file == tmp_path / "topic" / "name.yaml"
    assert (fault.line, fault.field) == (line, field)
    assert message in str(fault)


def test_every_fault_of_a_file_is_reported(tmp_path):
    text = "graph: {title: T}\nentries:\n  - {id: x/y, holdr: z}\n  - {id: x/z, issued: soon}\n"
    assert [fault.line for fault in faults(tmp_path, text)] == [3, 4]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("graph: {title: T\nentries: []\n", 2, "not valid YAML"),
        ("graph: {title: T}\nentries:\n  - {id: a/b, id: c/d}\n", 3, "stands twice"),
        ("- a\n- b\n", 1, "not a register"),
        ("graph: {}\nentries: 5\n", 1, "not a register"),
        (b"graph: {title: T}\nentries:\n  - {id: a/b, label: \xff}\n", 3, "not UTF-8"),
        ("entries: !!python/object:os.system []\n", 1, "not valid YAML"),
    ],
)
def test_a_broken_file_is_told_by_line(tmp_path, text, line, message):
    (fault,) = faults(tmp_path, text)
    assert fault.line == line
    assert message in fault.message


def test_an_entry_is_found_by_its_identifier_in_any_form(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text(
        "entries:\n  - id: power/x\n    type: Power\n  - {id: eg:para-1, type: Passage}\n"
    )
    assert locate(path, f"{ID}power/x") == 2
    assert locate(path, f"{ID}power/x#grounds-1") == 2
    assert locate(path, f"{ID}passage/enforcement-guidance-2022-draft/para-1") == 4
    assert locate(path, f"{ID}power/none") is None
