"""Asking a source and checking what it answers."""
