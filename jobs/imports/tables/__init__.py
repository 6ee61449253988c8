"""Tables within a sheet: headers, columns, rows, and what they leave open."""
