"""A campaign from its folder to a store: previewed, initialised, demonstrated, and what it still lacks."""
