"""Generated from core/ by scripts/vendor: never edit it here."""
