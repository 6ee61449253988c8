"""Results by day: what is kept, how it is computed from the readings, and what pages ask of it."""
