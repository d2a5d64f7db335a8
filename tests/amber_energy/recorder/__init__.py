"""Tests that need a real recorder."""
