"""What grows with the register: python tests/bench/growth.py DATA_FOLDER LARGE_DATA_FOLDER.

Asks every question of tests/questions, and every named question with its example values, of the build in service in
both folders (the shipped registers; a national register, see scale.py), in this process. Prints those that take the
large build over 100 ms and over twice as long as the small one, in milliseconds, and how many do not.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1] / "questions"))

from test_questions import asked

from loader.catalogue import catalogue
from server import create_app
from server.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "questions"
SLOW, RATIO = 0.1, 2.0


def entries() -> list[dict[str, Any]]:
    """Return what is asked, as in the files of questions; the named questions with their examples last."""
    listed = [
        entry
        for path in sorted(QUESTIONS.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    examples = [
        {
            "id": f"example of {query.name}",
            "call": "question",
            "name": query.name,
            "parameters": {p.name: p.example for p in query.parameters if p.required},
        }
        for query in catalogue("questions").values()
    ]
    return listed + examples


def seconds(client: Any, entry: dict[str, Any]) -> float:
    """Return how long one answer takes; infinite when there is none."""
    begun = time.perf_counter()
    try:
        asked(client, entry)
    except AssertionError:
        return float("inf")
    return time.perf_counter() - begun


def main() -> None:
    """Print the questions whose time grows with the register."""
    homes = [Path(each).absolute() for each in sys.argv[1:3]]
    clients = [create_app(Settings(home=home)).test_client() for home in homes]
    listed, grown = entries(), 0
    for entry in listed:
        small, large = (seconds(client, entry) for client in clients)
        if large > SLOW and large > RATIO * small:
            large = min(large, seconds(clients[1], entry))
        if large > SLOW and large > RATIO * small:
            grown += 1
            print(
                f"{entry['id']:<40} {entry['name']:<40} {small * 1000:8.0f} {large * 1000:8.0f}",
                flush=True,
            )
    print(
        f"{len(listed) - grown} of {len(listed)} take the large build at most {SLOW} s or {RATIO} times as long"
    )


if __name__ == "__main__":
    main()
