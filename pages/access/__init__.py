"""The front door: plain HTTP, before any page is drawn."""
