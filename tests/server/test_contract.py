"""The API keeps to its own OpenAPI description, whatever it is sent: no 5xx, no answer outside the schema.

Slow, so it is run by name: pytest -m slow tests/server/test_contract.py
"""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "unsupported_method",
]  # fmt: skip


@pytest.mark.slow
def test_schemathesis_finds_nothing(home: Path) -> None:
    pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    from site_ import serving

    with serving(home, REMIT_QUERY_SECONDS="60") as port:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "run",
            f"http://127.0.0.1:{port}/openapi.json", "--phases", "examples,coverage,fuzzing", "-n", "10",
            "--max-time", "180", "--no-color", "--continue-on-failure", "-c", ",".join(CHECKS),
        ]  # fmt: skip
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[run.stdout.find("= FAILURES") :][:8000]
