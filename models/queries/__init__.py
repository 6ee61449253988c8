"""Questions: one function each, plain rows out."""
