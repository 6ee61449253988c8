"""Readings as they arrive: taken in, revised, flagged, disputed, set aside in quarantine, told apart by source."""
