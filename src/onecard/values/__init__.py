"""Money, days, regions, identifiers and the base error: values that know nothing of the rest."""
