"""Tasks that meetings give to units."""
