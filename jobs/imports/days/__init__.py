"""Which day or period a figure is of."""
