"""Workbooks and text files in: a file becomes checked frames or records, problems and warnings. No store is needed."""
