"""Điểm chính thức: the page, what it asks, and what it shows."""
