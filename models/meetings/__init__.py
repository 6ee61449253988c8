"""Meetings: agendas, snapshots of figures, conclusions, digests."""
