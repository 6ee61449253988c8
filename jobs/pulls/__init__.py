"""Pulling a source's figures: asking it, checking what it answers, and keeping both."""
