"""Readers of the files that other registers publish: one module for each format."""
