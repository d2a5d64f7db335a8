"""Metered usage and its cost (reference section 7)."""
