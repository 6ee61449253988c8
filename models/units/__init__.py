"""Units: who they are, who belongs together, and who answers for them."""
