"""Tổng quan: the page, what it asks, and what it shows."""
