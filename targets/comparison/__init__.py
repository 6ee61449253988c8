"""Comparing: who makes the gap, fair ranks, what if, which movements are worth a question."""
