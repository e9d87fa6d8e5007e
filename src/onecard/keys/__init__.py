"""What a home's keys have sealed: a canary of each key, the inventory, and sealing anew while servers run."""
