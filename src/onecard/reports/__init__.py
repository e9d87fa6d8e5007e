"""What the city is told: figures from the records, the bulletin that words them, and its pictures."""
