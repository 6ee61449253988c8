"""What people meet in the browser: the only place that draws."""
