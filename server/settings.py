"""Settings: each with its name, default and help, from which the environment and the documentation are read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from loader import paths
from loader.errors import Fault, InputError

TABLE: tuple[tuple[str, str, str], ...] = (
    ("REMIT_HOME", "your data folder", "Where builds and imports are kept."),
    ("REMIT_STORE", "", "Address of a SPARQL endpoint to use instead of the build in REMIT_HOME."),
    (
        "REMIT_STORE_UPDATE",
        "",
        "Address for updates of that endpoint. Without it nothing can be written to it over HTTP.",
    ),
    (
        "REMIT_STORE_LOGIN",
        "",
        "A file with the login that the endpoint asks for: “Basic user:password” or “Bearer token”.",
    ),
    ("REMIT_QUERY_SECONDS", "10", "The longest that a query may run, in seconds."),
    ("REMIT_QUERY_MEMORY_MB", "1024", "The memory that a query worker may use, in megabytes."),
    ("REMIT_WORKERS", "3", "How many query workers wait for queries."),
    ("REMIT_TOKENS", "", "A file of tokens. Without it nothing can be written over HTTP."),
    ("REMIT_VALIDATE_WRITES", "0", "1 validates what is written against the shapes first."),
    ("REMIT_UPLOAD_MB", "32", "The largest body of a write, in megabytes."),
    ("REMIT_RATE", "1200", "How many requests a client may make in a minute; 0 sets no limit."),
    ("REMIT_PROXIES", "0", "How many trusted proxies stand before the server (X-Forwarded-For)."),
    (
        "REMIT_DRAIN_SECONDS",
        "1",
        "How long requests are still taken after SIGTERM, while /ready says 503; at most 20.",
    ),
    (
        "REMIT_ALLOW_HOSTS",
        "",
        "Hosts that SERVICE, LOAD and FROM may ask, for example “query.wikidata.org other.org:8443”. "
        "Empty allows none.",
    ),
    (
        "REMIT_ALLOW_LOOPBACK",
        "0",
        "For tests only: 1 lets allowed hosts be on this machine. Never set it on a public server.",
    ),
    (
        "REMIT_ENDPOINTS",
        "",
        "SPARQL endpoints that federated questions may ask, by name: “remit=https://other.org/sparql ons=https://…”.",
    ),
    ("REMIT_SPARK_MASTER", "local[2]", "The Spark master that remit link --engine spark works on."),
    (
        "REMIT_SHACL",
        "auto",
        "The engine of the shapes: reference (pySHACL), fast, or auto, the fast one where it is installed.",
    ),
    (
        "REMIT_KEEP_BUILDS",
        "5",
        "How many builds from files are kept; the one in service always is.",
    ),
    ("REMIT_LOG", "text", "How requests are logged: text, json or off."),
)


@dataclass(frozen=True)
class Settings:
    """The settings of one server."""

    home: Path
    query_seconds: float = 10.0
    query_memory_mb: int = 1024
    workers: int = 3
    remote: str = ""
    tokens: Path | None = None
    validate_writes: bool = False
    upload_mb: int = 32
    rate: int = 0
    proxies: int = 0
    log: str = "off"
    drain: float = 0.0
    allow_hosts: frozenset[str] = frozenset()
    allow_loopback: bool = False
    remote_update: str = ""
    remote_login: Path | None = None


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment gives; defaults elsewhere.

    Raises InputError for a value that is not a number where one is needed.
    """
    given = os.environ if environment is None else environment
    tokens, login = given.get("REMIT_TOKENS", ""), given.get("REMIT_STORE_LOGIN", "")
    return Settings(
        home=paths.home(),
        query_seconds=_number(given, "REMIT_QUERY_SECONDS"),
        query_memory_mb=int(_number(given, "REMIT_QUERY_MEMORY_MB")),
        workers=int(_number(given, "REMIT_WORKERS")),
        remote=given.get("REMIT_STORE", ""),
        tokens=Path(tokens) if tokens else None,
        validate_writes=bool(_number(given, "REMIT_VALIDATE_WRITES")),
        upload_mb=int(_number(given, "REMIT_UPLOAD_MB")),
        rate=int(_number(given, "REMIT_RATE")),
        proxies=int(_number(given, "REMIT_PROXIES")),
        log=given.get("REMIT_LOG", "text"),
        drain=min(20.0, max(0.0, _number(given, "REMIT_DRAIN_SECONDS"))),
        allow_hosts=frozenset(given.get("REMIT_ALLOW_HOSTS", "").replace(",", " ").lower().split()),
        allow_loopback=bool(_number(given, "REMIT_ALLOW_LOOPBACK")),
        remote_update=given.get("REMIT_STORE_UPDATE", ""),
        remote_login=Path(login) if login else None,
    )


def _number(given: Mapping[str, str], name: str) -> float:
    default = next(default for key, default, _ in TABLE if key == name)
    text = given.get(name, default)
    try:
        return float(text)
    except ValueError:
        remedy = f"Give a number, for example {default}, or leave it out."
        raise InputError(Fault(f"“{text}” is not a number.", field=name, remedy=remedy)) from None
