"""Settings of devices whose battery is not led by us: read, written, read back."""
