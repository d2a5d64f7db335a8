"""The fault matrix on AlphaESS; a number in a test's name is the row."""
