"""A form in parts, as plant settings are sent (reference section 6.9)."""

from collections.abc import Mapping
from uuid import uuid4


def multipart(fields: Mapping[str, str]) -> tuple[str, bytes]:
    """Return ``Content-Type`` and body of a form whose parts have no file name.

    Raises ``ValueError`` for a name that is no plain word.
    """
    boundary = uuid4().hex
    body = bytearray()
    for name, value in fields.items():
        if not name.isidentifier():
            raise ValueError("not a field name")
        body += f"--{boundary}\r\n".encode()
        body += f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        body += value.encode("utf-8", "replace") + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", bytes(body)
