"""The Model Context Protocol server: ``remit mcp`` offers the tools of ``mcp_tools`` to assistants."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from loader.errors import Fault, InputError
from server.mcp_tools import Tools
from server.store.protocol import Store

INSTRUCTIONS = (
    "Answers about the oversight of the NHS in England come from a knowledge graph. Cite the sources that each answer "
    "carries. Verdicts are applies, does-not-apply and unknown; say unknown when the answer says so. Dates matter: ask "
    "for the date that the question is about."
)


def service(store: Store) -> Any:
    """Return an MCP server over ``store``; raises InputError when the package ``mcp`` is not installed."""
    try:
        made = import_module("mcp.server").MCPServer("remit", instructions=INSTRUCTIONS)
    except (ImportError, AttributeError):
        remedy = "Install it with: pip install 'remit-graph[mcp]'."
        raise InputError(
            Fault("The package mcp (version 2) is not installed.", remedy=remedy)
        ) from None
    for tool in Tools(store).all():
        made.add_tool(tool)
    return made
