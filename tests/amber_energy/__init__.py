"""Tests of the Amber Electric integration."""
