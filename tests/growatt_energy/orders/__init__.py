"""Orders to Growatt's devices, in Home Assistant."""
