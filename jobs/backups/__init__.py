"""Backups of the store: where they stand, how each engine writes and reads one, and how a store comes back from one."""
