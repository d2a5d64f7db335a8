"""Orders to devices, in a real Home Assistant with its entities and actions."""
