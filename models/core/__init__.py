"""What everything that is stored rests on: the store, settings, clock, audit, permission, texts and number formats."""
