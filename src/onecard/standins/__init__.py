"""Small real programs that play the systems outside: each its own process, with faults on purpose, knowing nothing of this store."""
