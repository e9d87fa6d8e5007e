"""A tap: taken in, decided in a lane with all that wait, on disk before the answer."""
