"""Validation: SHACL shapes over registers and over data that users bring, and the reports that come of it."""
