"""The tables of the vendors' pages in docs/, made from the code, and the links."""
