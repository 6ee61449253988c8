"""Questions that compare: units beside one another, courses over time, signals."""
