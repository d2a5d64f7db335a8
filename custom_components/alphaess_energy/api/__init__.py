"""The AlphaCloud Open API, without Home Assistant."""
