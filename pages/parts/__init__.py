"""What pages are assembled from."""
