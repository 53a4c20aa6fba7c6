"""The HTML face of the service."""

from server.pages.setup import register

__all__ = ["register"]
