"""Tests of the glue to Home Assistant that the integrations share."""
