"""Changes: check, change, record. Each takes who, why and when (a `Deed`) and leaves an audit entry."""
