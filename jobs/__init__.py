"""Work without a screen: imports, pulls, kept tables, documents. Each job can be run by hand."""
