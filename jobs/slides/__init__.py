"""The slides of a meeting as values: what each says and shows, worked out from a snapshot; pages and files draw it."""
