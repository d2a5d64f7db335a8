"""Battery control: every write takes one way, and every force comes back."""
