"""What every page is made of: its address, its answers kept until the store changes, forms, files, words."""
