"""The API behind the SEMS+ web portal, without Home Assistant."""
