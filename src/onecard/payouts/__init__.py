"""Subsidies: who is paid how much for a period, on which account, on whose word, and what became of every payment."""
