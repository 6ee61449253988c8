"""Which of the campaign's units a row means."""
