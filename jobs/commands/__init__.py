"""The commands, by room: the store, figures in, targets, standing, serving. `jobs/__main__.py` puts them together."""
