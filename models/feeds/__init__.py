"""Sources and their runs: what is due, what came, what failed, and who gets messages."""
