"""The pages on how figures come in."""
