"""Which queries turned out to be long lately, and which to be short."""

import threading
from collections import OrderedDict
from collections.abc import Hashable


class Memory:
    """Remembers the most recent keys that were noted. Safe to share between threads."""

    def __init__(self, most: int = 1000) -> None:
        self._most = most
        self._keys: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        return hash(key) in self._keys

    def note(self, key: Hashable, *, keep: bool) -> None:
        """Remember `key`, or forget it; the oldest is forgotten for a new one.

        Only a hash is kept: at worst a short query is taken for a long one, once.
        """
        with self._lock:
            self._keys.pop(hash(key), None)
            if keep:
                self._keys[hash(key)] = None
                if len(self._keys) > self._most:
                    self._keys.popitem(last=False)
