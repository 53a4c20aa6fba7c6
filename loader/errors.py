"""The errors of the loader.

::

    RemitError                 anything that Remit reports to a person
    ├── InputError             a file or value given to Remit is wrong: where, what, how to mend it
    │   ├── RegisterError      one or more faults in register files
    │   └── DateError          a date that is impossible or ambiguous
    ├── BuildError             a build could not be made; the previous one stays in service
    └── QueryFileError         a stored query is malformed or is given wrong parameters
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class RemitError(Exception):
    """Base of all errors that Remit reports to a person; never shown with a stack trace."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input: where, what, and how to mend it."""

    message: str
    file: Path | None = None
    line: int | None = None
    field: str | None = None
    remedy: str = ""

    def __str__(self) -> str:
        place = str(self.file) if self.file else ""
        if self.line is not None:
            place += f":{self.line}"
        parts = [f"{place}: " if place else ""]
        if self.field:
            parts.append(f"{self.field}: ")
        parts.append(self.message)
        if self.remedy:
            parts.append(f" {self.remedy}")
        return "".join(parts)


class InputError(RemitError):
    """A file or value given to Remit is wrong. ``faults`` lists each fault."""

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RegisterError(InputError):
    """One or more faults in register files."""


class DateError(InputError):
    """A date that is impossible, ambiguous or in an unknown form."""


class BuildError(RemitError):
    """A build could not be made. The build in service is untouched."""


class QueryFileError(RemitError):
    """A stored query is malformed, or was given parameters that it does not take."""
