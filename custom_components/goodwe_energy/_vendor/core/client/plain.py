"""Texts of vendors that write in Chinese, and their spellings of nothing."""

import re

from .decode import text

_NOTHING = frozenset({"", "-", "--", "---", "null", "none", "nan", "n/a", "undefined"})
# Han, kana, hangul, bopomofo, full-width forms and their punctuation
_CJK = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
                  "\ufe30-\ufe4f\uff00-\uffef\U0001f200-\U0001f2ff"
                  "\U00020000-\U0003ffff]")  # fmt: skip


def blank(raw: object) -> bool:
    """Tell whether a value is one of the spellings of nothing."""
    if isinstance(raw, str):
        return raw.strip().lower() in _NOTHING
    return raw is None


def plain(raw: object) -> str | None:
    """Return a text without any Chinese, Japanese or Korean in it, else None."""
    if blank(raw) or (found := text(raw)) is None or _CJK.search(found):
        return None
    return found
