"""The fault matrix, row by row."""
