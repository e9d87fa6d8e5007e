"""Builds the demo city and replays its days, through the same doors as anyone."""
