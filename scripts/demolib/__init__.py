"""The demo: a real Home Assistant with its frontend, on simulated devices."""
