"""Tests of the AlphaESS integration."""
