"""The vendors' public client libraries against the simulators."""
