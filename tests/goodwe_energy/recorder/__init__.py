"""The past of simulated houses in the recorder."""
