"""Nhập số liệu: the page, what it asks, and what it shows."""
