"""What should be fast, measured beside what cannot be beaten: `make bench`."""
