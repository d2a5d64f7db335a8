"""What each intent means in the vendor's stores; without Home Assistant."""
