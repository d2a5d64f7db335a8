"""Tests of control in Home Assistant, on the simulator."""
