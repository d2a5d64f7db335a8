"""What each intent means for the devices; without Home Assistant."""
