"""Composition root: opens the store, loads released programmes, hands services out."""
