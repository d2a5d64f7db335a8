"""What joins the shared core to Home Assistant."""
