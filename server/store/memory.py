"""Which queries turned out to be long lately."""

import threading
from collections import OrderedDict


class LongQueries:
    """Remembers the texts of the most recent long queries. Safe to share between threads."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._texts: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, query: str) -> bool:
        return hash(query) in self._texts

    def note(self, query: str, *, long: bool) -> None:
        """Remember `query` as long, or forget that it was; the oldest is forgotten for a new one.

        Only a hash is kept: at worst a short query is taken for a long one, once.
        """
        with self._lock:
            self._texts.pop(hash(query), None)
            if long:
                self._texts[hash(query)] = None
                if len(self._texts) > self._most:
                    self._texts.popitem(last=False)
