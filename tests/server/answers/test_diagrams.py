"""The drawing of a procedure: every step a box, every way an arrow or a line, nothing over anything else."""

import pytest

from server.answers.diagrams import draw, procedure
from server.answers.registers import entries
from server.errors import NotFound


def names(store):
    return [row["slug"] for row in entries(store, "procedures", size=200)["results"]]


def test_every_procedure_of_the_register_can_be_drawn(store):
    assert len(names(store)) > 20
    for name in names(store):
        found = procedure(store, name)
        drawing, steps = found["diagram"], found["steps"]
        assert len(drawing.boxes) == len(steps)
        ways = [route for step in steps for route in step["routes"] if route["toStep"] is not None]
        assert len(drawing.arrows) == len(ways)
        told = " ".join(line.text.strip() for line in drawing.texts)
        for step in steps:
            for route in step["routes"]:
                assert route["toLabel"]
                assert all(word in told for word in (route["when"] or "").split())


def test_boxes_do_not_overlap_and_stand_within_the_drawing(store):
    for name in names(store):
        drawing = procedure(store, name)["diagram"]
        for above, below in zip(drawing.boxes, drawing.boxes[1:], strict=False):
            assert above.y + above.height < below.y
        assert all(box.x > 0 for box in drawing.boxes)
        assert all(box.x + box.width < drawing.width for box in drawing.boxes)
        assert all(line.y <= drawing.height for line in drawing.texts)
        for arrow in drawing.arrows:
            lanes = [int(part[1:]) for part in arrow.path.split() if part.startswith("H")]
            assert all(lane > 0 for lane in lanes)


def test_jumps_beside_each_other_run_in_lanes_of_their_own():
    def step(number, *to):
        routes = [{"toStep": t, "letter": "a", "when": "", "toLabel": f"step {t}"} for t in to]
        return {
            "step": number,
            "label": "x",
            "actor": None,
            "optional": False,
            "timeLimits": [],
            "routes": routes,
        }

    drawing = draw([step(1, 3, 4), step(2, 4), step(3, 1), step(4)])
    lanes = [arrow.path.split()[2] for arrow in drawing.arrows if " H" in arrow.path]
    assert len(lanes) == len(set(lanes)) == 4


def test_steps_tell_who_and_within_what_time(store):
    found = procedure(store, "impose-discretionary-requirement")
    second = found["diagram"].boxes[1]
    assert "Time: at least 28 days" in [line.text for line in second.lines]
    assert found["label"] == "Imposing a discretionary requirement"


def test_an_unknown_procedure_is_not_found(store):
    with pytest.raises(NotFound):
        procedure(store, "none")
