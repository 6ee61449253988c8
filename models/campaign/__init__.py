"""The campaign a store holds: founded from its files, followed when they change, with its holidays."""
