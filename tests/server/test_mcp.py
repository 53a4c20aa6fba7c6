"""Assistants get the same answers as people, with the same limits, and problems that say what to do."""

import asyncio
import gc
import json
import os
import subprocess
import sys
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


class Assistant:
    """An assistant that starts ``remit mcp`` and speaks to it over its standard input and output."""

    def __init__(self, process, log):
        self.process, self.log, self.number = process, log, 0

    def tell(self, method, **params):
        self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method, **params):
        self.number += 1
        self._write({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while line := self.process.stdout.readline():
            answer = json.loads(line)
            if answer.get("id") == self.number:
                return answer["result"]
        raise AssertionError(f"the process ended without an answer: {self.log.read_text()}")

    def call(self, name, **arguments):
        return json.loads(
            self.ask("tools/call", name=name, arguments=arguments)["content"][0]["text"]
        )

    def _write(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()


@pytest.fixture(scope="module")
def assistant(home, tmp_path_factory):
    pytest.importorskip("mcp", reason="the package mcp is not installed (extra “mcp”)")
    log = tmp_path_factory.mktemp("mcp") / "log"
    with (
        log.open("w") as told,
        subprocess.Popen(
            [sys.executable, "-c", "from server.cli import main; main()", "mcp"],
            env=os.environ | {"REMIT_HOME": str(home), "REMIT_QUERY_SECONDS": "60"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        ) as process,
    ):
        one = Assistant(process, log)
        one.ask(
            "initialize",
            protocolVersion="2025-06-18",
            capabilities={},
            clientInfo={"name": "test", "version": "1"},
        )
        one.tell("notifications/initialized")
        yield one
        process.stdin.close()
        process.wait(30)
    assert process.returncode == 0


class TestTheCommand:
    """``remit mcp`` as an assistant starts it."""

    def test_it_lists_its_tools_with_what_each_takes(self, assistant):
        tools = {tool["name"]: tool for tool in assistant.ask("tools/list")["tools"]}
        assert set(tools) == {
            "search", "answer_sheet", "compare_frameworks", "segmentation", "sparql"
        }  # fmt: skip
        assert set(tools["answer_sheet"]["inputSchema"]["required"]) == {"organisation", "as_of"}

    def test_a_sheet_comes_with_its_sources(self, assistant):
        sheet = assistant.call("answer_sheet", organisation="RA7", as_of="2023-05-01")
        assert sheet["dataVersion"]
        assert sheet["applies"]
        assert all(row["sources"] for row in sheet["applies"])

    def test_limits_are_those_of_the_service(self, assistant):
        cut = assistant.call("sparql", query="SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
        assert (len(cut["rows"]), cut["truncated"]) == (MOST_ROWS, True)
        deep = "SELECT * WHERE " + "{ " * 500 + "?s ?p ?o" + " }" * 500
        assert assistant.call("sparql", query=deep)["problem"]["detail"]
        asked = assistant.call(
            "sparql", query="SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"
        )
        assert asked["problem"]["detail"]
        assert assistant.call("sparql", query="ASK { ?s ?p ?o }")["answer"] is True

    def test_a_call_that_makes_no_sense_is_told_and_survived(self, assistant):
        assert assistant.call("answer_sheet", organisation="nobody", as_of="2023-05-01")["problem"]
        wrong = assistant.ask("tools/call", name="answer_sheet", arguments={"organisation": "RA7"})
        assert wrong["isError"]
        assert assistant.call("search", q="s106 of the 2012 Act")["results"]
