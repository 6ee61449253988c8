"""Rows as checked records, one module for each kind of file."""
