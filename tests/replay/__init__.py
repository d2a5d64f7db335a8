"""A diagnostics download, played back, gives the same entities."""
