"""What goes wrong with Amber Electric (fault matrix)."""
