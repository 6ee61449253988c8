"""So với chỉ tiêu: the page, what it asks, and what it shows."""
