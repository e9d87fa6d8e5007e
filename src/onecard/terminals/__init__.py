"""Operators, their sites with calendar and pipeline state, and the devices that speak for them."""
