"""Chiến dịch: the page, what it asks, and what it shows."""
