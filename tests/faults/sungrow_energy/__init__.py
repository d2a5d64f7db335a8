"""The fault matrix for Sungrow iSolarCloud."""
