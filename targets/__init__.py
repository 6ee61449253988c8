"""The rules of a campaign, pure: no clock, no screen, no store."""
