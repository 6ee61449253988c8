"""The tests; they mirror the code file for file."""
