"""What people paste after they authorized: a code, or the address that has it."""

from dataclasses import dataclass
import re
from urllib.parse import parse_qs, urlsplit

CODE = re.compile(r"[0-9A-Za-z._~-]{4,128}")


class InvalidPaste(ValueError):
    """There is no code in it; the argument is the key of the form's error."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pasted:
    """A code, and the state that came with it (None: none did)."""

    code: str
    state: str | None = None


def read_pasted(text: str) -> Pasted:
    """Return what a code, ``code=...`` or an address holds (reference section 2.3).

    In an address it may stand before or behind the ``#``. Raises ``InvalidPaste``.
    """
    text = "".join(text.split())
    if CODE.fullmatch(text):
        return Pasted(code=text)
    values = _values(text)
    code, state = values.get("code"), values.get("state")
    if code is None:
        raise InvalidPaste("declined" if "error" in values else "no_code")
    if not CODE.fullmatch(code):
        raise InvalidPaste("no_code")
    return Pasted(code=code, state=state)


def _values(text: str) -> dict[str, str]:
    """Return the parameters of an address or of a part of one."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for part in (parts.query, *parts.fragment.split("?"), parts.path):
        for key, values in parse_qs(part, max_num_fields=None).items():
            found.setdefault(key.lstrip("/"), values[0])
    return found
