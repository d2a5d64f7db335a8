"""How passwords and requests are encoded (reference sections 2.2 and 2.3)."""

from base64 import b64encode
import hashlib


def encode_password(password: str) -> str:
    """Return what the login sends in place of a password: 44 characters."""
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return b64encode(digest.encode()).decode()


def sign(milliseconds: int, uid: str, token: str) -> str:
    """Return the ``X-Signature`` of a request made then, in ms since 1970.

    ``uid`` and ``token`` are empty on login.
    """
    digest = hashlib.sha256(f"{milliseconds}@{uid}@{token}".encode()).hexdigest()
    return b64encode(f"{digest}@{milliseconds}".encode()).decode()
