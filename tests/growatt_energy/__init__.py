"""Tests of the Growatt integration."""
