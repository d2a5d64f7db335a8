"""Which state's grid a site belongs to (reference 3.6); the API does not tell."""

STATES = ("nsw", "qld", "sa", "vic")

# Parts of the distributors' names; their spelling is not published
_NETWORKS = {
    "ausgrid": "nsw",
    "endeavour": "nsw",
    "essential": "nsw",
    "evoenergy": "nsw",  # the ACT belongs to that region of the market
    "energex": "qld",
    "ergon": "qld",
    "sa power": "sa",
    "sapn": "sa",
    "citipower": "vic",
    "powercor": "vic",
    "united": "vic",
    "jemena": "vic",
    "ausnet": "vic",
}


def suggest_state(network: str | None) -> str | None:
    """Return the state of a distributor, one of ``STATES``; ``None`` if unknown."""
    name = " ".join((network or "").casefold().split())
    return next((state for part, state in _NETWORKS.items() if part in name), None)
