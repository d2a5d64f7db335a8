"""The fault matrix on sonnenBatterie; a number in a test's name is the row."""
