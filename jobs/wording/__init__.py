"""Findings in words, in the reader's language: one function for each sentence, for page, slide, document and mail."""
