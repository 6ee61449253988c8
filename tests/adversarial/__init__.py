"""Series that projections find hard, made without anything of the demonstration, and what projections are worth there.

`python -m tests.adversarial` prints the tables, `--keep` writes the record that the page of methods shows.
"""
