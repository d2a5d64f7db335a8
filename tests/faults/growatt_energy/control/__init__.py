"""Rows about control, for each way in which a battery is led."""
