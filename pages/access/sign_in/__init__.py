"""The plain pages of signing in, by password or through the province's own identity service."""
