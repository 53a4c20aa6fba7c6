"""Stores: where the graph is kept and queried, behind one protocol."""
