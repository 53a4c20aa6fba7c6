"""The index of names: one SQLite file per data version, by which search and reconciliation find things.

It holds every name, former name, code and citation with its dates, the words of each, near spellings, successions,
classes and postcodes. The file is written while a build is made, in little memory, and never changed afterwards.
"""

from loader.textindex.engine import indexing, main
from loader.textindex.imported import keep_rows
from loader.textindex.writing import FILE, SCHEMA, Rows, is_index, write_index

__all__ = ["FILE", "SCHEMA", "Rows", "indexing", "is_index", "keep_rows", "main", "write_index"]
