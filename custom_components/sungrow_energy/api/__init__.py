"""The OpenAPI of iSolarCloud in both flavours, without Home Assistant."""
