"""What the integrations of the bundle share; it knows no vendor."""
