"""File formats, from bytes to sheets of cells."""
