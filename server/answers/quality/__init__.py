"""A quality concern through the levels of assurance: declarative rules of the registers, applied to stated facts."""

from server.answers.quality.case import assess
from server.answers.quality.facts import schema

__all__ = ["assess", "schema"]
