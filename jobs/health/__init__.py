"""How an installation is: examined, reported, logged."""
