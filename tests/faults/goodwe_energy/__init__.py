"""The fault matrix for GoodWe SEMS+."""
