"""Rows in, chart out: one frame, one set of marks."""
