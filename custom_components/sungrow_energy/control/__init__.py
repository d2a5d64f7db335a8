"""Parameters of devices: what they are, how they are read and written (section 6)."""
