"""Residents and visitors: who a subject is, and the dated facts that policies ask about them."""
