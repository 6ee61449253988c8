"""Tiến độ: the page, what it asks, and what it shows."""
