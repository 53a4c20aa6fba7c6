"""One call of a SPARQL endpoint, through SPARQLWrapper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, build_opener

from SPARQLWrapper import POST, POSTDIRECTLY, SPARQLWrapper

Dataset = tuple[Sequence[str], Sequence[str]]


class Call(SPARQLWrapper):
    """SPARQLWrapper that is told the kind of request and the media type, and leaves HTTP errors as they come.

    `login` is the value of the Authorization header, or empty; `dataset` the default and the named graphs.
    """

    def __init__(
        self,
        address: str,
        *,
        login: str = "",
        media_type: str = "*/*",
        dataset: Dataset = ((), ()),
        update: bool = False,
    ) -> None:
        self._kind = "INSERT" if update else "SELECT"
        self._media_type = media_type
        super().__init__(address, agent="Remit")
        self.setMethod(POST)
        self.setOnlyConneg(True)  # else it adds parameters that some servers understand otherwise
        if update:  # forms are short on some servers, and updates long
            self.setRequestMethod(POSTDIRECTLY)
        if login:
            self.addCustomHttpHeader("Authorization", login)
        names = ("using-graph-uri", "using-named-graph-uri")
        for name, graphs in zip(
            names if update else ("default-graph-uri", "named-graph-uri"), dataset, strict=True
        ):
            for iri in graphs:
                self.addParameter(name, iri)

    def open(self, opener: OpenerDirector, text: str, seconds: float) -> Any:
        """Send `text` and return the response, of which nothing is read yet.

        Raises HTTPError for a status other than 2xx, TimeoutError, or another OSError or HTTPException.
        """
        self.setQuery(text)
        try:
            return opener.open(self._createRequest(), timeout=seconds)
        except HTTPError:
            raise
        except URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise TimeoutError from error
            raise

    def _parseQueryType(self, query: str) -> str:  # noqa: N802 - overrides
        return self._kind  # its guess reads comments, and takes some queries for updates

    def _getAcceptHeader(self) -> str:  # noqa: N802 - overrides
        return self._media_type


class _Straight(HTTPRedirectHandler):
    """Follows no redirect: it would carry the login to another place, and drop what was posted."""

    def redirect_request(self, *_: object) -> None:
        return None


def opener() -> OpenerDirector:
    """Return what opens calls: it follows no redirects."""
    return build_opener(_Straight)
