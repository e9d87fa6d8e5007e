"""Staff: who signs in, what he may do and where, and what needs a second person."""
