"""Reconciliation: matching names, codes and citations in other people's tables to the things of the graph."""
