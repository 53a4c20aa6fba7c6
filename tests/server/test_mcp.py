"""Assistants get the same answers as people, with the same limits, and problems that say what to do."""

import asyncio
import gc
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.mcp_service import service
from server.mcp_tools import MOST_ROWS, Tools


@pytest.fixture
def tools(store):
    return {tool.__name__: tool for tool in Tools(store).all()}


def test_the_tools_are_described(tools):
    assert set(tools) == {"search", "answer_sheet", "compare_frameworks", "segmentation", "sparql"}
    assert all(len(tool.__doc__ or "") > 80 for tool in tools.values())


def test_answers_name_the_data_version_and_sources(tools, store):
    answer = tools["search"]("s106 of the 2012 Act")
    assert answer["dataVersion"] == store.version
    assert any(row["id"].endswith("2012/7/section/106") for row in answer["results"])
    sheet = tools["answer_sheet"]("RA7", "2023-05-01")
    assert sheet["applies"]
    assert all(row["sources"] for row in sheet["applies"])


def test_a_comparison_and_a_segmentation(tools):
    assert tools["compare_frameworks"]("sof-2021-22", "nof-2022-23")["changes"]
    assert "problem" not in tools["segmentation"]("oaf-2024-draft", {})


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("answer_sheet", ("nobody", "2023-05-01")),
        ("answer_sheet", ("RA7", "01/07/2022")),
        ("sparql", ("SELECT nonsense",)),
        ("sparql", ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",)),
        ("sparql", ("DELETE WHERE { ?s ?p ?o }",)),
    ],
)
def test_a_problem_is_told_without_a_trace(tools, name, arguments):
    problem = tools[name](*arguments)["problem"]
    assert problem["detail"]
    assert "Traceback" not in json.dumps(problem)


def test_a_long_result_is_cut_and_says_so(tools):
    answer = tools["sparql"]("SELECT ?s WHERE { ?s a ?c } LIMIT 1000")
    assert (len(answer["rows"]), answer["truncated"]) == (MOST_ROWS, True)
    assert tools["sparql"]("ASK { ?s ?p ?o }")["answer"] is True


# The package leaves the sockets of its event loop to the collector, which warns of them.
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_over_the_protocol(store):
    mcp = pytest.importorskip("mcp", reason="the package mcp is not installed (extra “mcp”)")

    async def ask():
        async with mcp.Client(service(store)) as client:
            listed = await client.list_tools()
            result = await client.call_tool("search", {"q": "RA7"})
            return [tool.name for tool in listed.tools], result

    # In a thread of its own: a browser test of the same process leaves its event loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as threads:
        names, result = threads.submit(asyncio.run, ask()).result()
    gc.collect()
    assert "answer_sheet" in names
    assert "RA7" in result.content[0].text
