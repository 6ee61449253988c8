"""What people get, word for word and number for number, kept in files: a move of the code changes none of it."""
