"""Pages of the office that assigns targets and decides what units wish."""
