"""What one query may use, and how many run at once."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What queries may use. Times are in seconds, sizes in bytes.

    `workers` serve ordinary queries, `reserved` of them only the server's own; `strangers` serve
    users' queries that were not seen before, at a lower priority; `aside` more may be busy with
    long ones. The server's own may ask for up to `own_seconds`. `queue` is how long a query waits for a free worker.
    """

    workers: int = 3
    reserved: int = 1
    strangers: int = 2
    aside: int = 2
    seconds: float = 10.0
    own_seconds: float = 120.0
    patience: float = 0.25
    queue: float = 10.0
    memory_bytes: int = 1 << 30
    result_bytes: int = 64 << 20
    query_bytes: int = 256 << 10
    depth: int = 100

    @property
    def guests(self) -> int:
        """How many known queries of users may be in ordinary workers at once: at least one."""
        return max(1, self.workers - self.reserved)
