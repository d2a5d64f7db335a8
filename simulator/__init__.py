"""Battery, grid and solar simulators that speak the vendors' protocols."""
