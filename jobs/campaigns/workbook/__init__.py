"""A campaign as one workbook: a sheet for each table of its files, the same content as the folder."""
