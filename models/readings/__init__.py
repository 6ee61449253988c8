"""Readings as they arrive: taken in, revised, flagged, disputed, set aside in quarantine, compared between sources."""
