"""Records, accumulators, postings and seals: what happened, never why."""
