"""HTTP work that knows no Home Assistant: errors, budget, decoding, redaction, clock."""
