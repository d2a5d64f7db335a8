"""Tests of what the integrations share."""
