"""Targets: proposed, issued, registered, adjusted; why they are what they are, and what units say about them."""
