"""How an installation is: examined, told, logged."""
