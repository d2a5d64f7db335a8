"""Section 9 of the reference as data: which names of the wire give which value."""
