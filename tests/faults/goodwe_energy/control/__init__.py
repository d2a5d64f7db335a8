"""Rows 16 to 48 of the fault matrix for what is set and forced."""
