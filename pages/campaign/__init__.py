"""The pages of the running campaign, one module each."""
