"""Pages for those who keep the system: who may come in, and what was done."""
