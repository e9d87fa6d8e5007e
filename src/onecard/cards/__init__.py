"""What a terminal reads and what became of it: card numbers, chip ids, id documents and their life."""
