"""The simulators, tested by themselves."""
