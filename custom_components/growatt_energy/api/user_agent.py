"""What the client calls itself (reference section 2.3)."""

import random

_APP = "Dalvik/2.1.0 (Linux; U; Android 13; ha-growatt/{version}) - {digits:05d}"
_LONGEST = 200


def new_user_agent(version: str) -> str:
    """Return the default with five digits of its own, to be stored with the entry."""
    return _APP.format(version=version, digits=random.randrange(100_000))


def valid_user_agent(text: str) -> bool:
    """Whether a user's own text can be sent as it is."""
    return (
        0 < len(text) <= _LONGEST
        and text.isascii()
        and text.isprintable()
        and text == text.strip()
    )
