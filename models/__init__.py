"""What is stored and what is asked of it. The only place that speaks to the database."""
