"""The battery's local JSON API, without Home Assistant."""
