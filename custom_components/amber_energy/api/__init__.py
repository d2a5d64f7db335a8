"""The Amber Electric API, without Home Assistant."""
