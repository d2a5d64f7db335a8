"""Tests of battery control."""
