"""Onecard: one card, one decision, one record, for every public service of a city."""
