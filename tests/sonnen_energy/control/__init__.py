"""What each intent means for the battery; without Home Assistant."""
