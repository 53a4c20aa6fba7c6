"""Loader: turns registers and imported files into builds and query objects."""
