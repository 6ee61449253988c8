"""Files that people hand in: held, previewed, taken in as one transaction, and their refused rows mended."""
