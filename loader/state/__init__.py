"""State data: the records that users bring, read from workbooks, CSV, YAML-LD and Turtle, and made ready for rules."""
