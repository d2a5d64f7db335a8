"""Tests of the control drivers, without Home Assistant."""
