"""Tests of what puts vendors into custom_components."""
