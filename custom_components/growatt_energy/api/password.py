"""The password as the app's API wants it (reference section 2.2)."""

import hashlib


def modified_md5(password: str) -> str:
    """Return the MD5 in lower-case hex, with ``c`` for each byte's leading zero.

    It stands for the password in every login: whoever has it can log in.
    """
    # The vendor's own scheme; nothing is protected by it
    digest = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    return "".join(
        "c" if index % 2 == 0 and digit == "0" else digit
        for index, digit in enumerate(digest)
    )
