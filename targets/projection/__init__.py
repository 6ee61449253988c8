"""Where a rate will be on its due date: pace, range and probability, and what they have been worth."""
