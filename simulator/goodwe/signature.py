"""How a client proves what it says (reference sections 2.2 and 2.3)."""

import base64
import binascii
import hashlib


def encoded_password(password: str) -> str:
    """Return `pwd` of the login."""
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def signature(milliseconds: int, uid: str, token: str) -> str:
    """Return `X-Signature`; on login `uid` and `token` are empty."""
    text = f"{milliseconds}@{uid}@{token}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return base64.b64encode(f"{digest}@{milliseconds}".encode()).decode()


def signed_at(header: str | None, uid: str, token: str) -> int | None:
    """Return the milliseconds of a right signature, None of any other."""
    try:
        text = base64.b64decode(header or "", validate=True).decode("ascii")
    except binascii.Error, UnicodeDecodeError:
        return None
    said = text.rpartition("@")[2]
    if not said.isdecimal() or signature(int(said), uid, token) != header:
        return None
    return int(said)
