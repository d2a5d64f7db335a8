"""Doubts about settings that are suddenly missing (Q11, Q24)."""

from collections.abc import Iterable

from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.book import Notes
from ._vendor.core.control.intent import Values

# So often in a row a document may lack what others had before it is believed
_MOST = 5


class Completeness:
    """Knows which settings a device has had.

    One that is missing in a document is not taken for changed: a lease would be taken
    for somebody else's otherwise.
    """

    def __init__(self, serial: str, notes: Notes) -> None:
        """Share the notes of the account."""
        self._note, self._notes = f"{serial}/settings", notes
        self._doubts = 0

    def check(self, values: Values, *, beside: Iterable[str] = ()) -> None:
        """Raise ``BadDataError`` (``settings_incomplete``) if settings are missing.

        ``beside``: keys that may come and go. After some times what is missing is
        believed to be gone.
        """
        there = values.keys() - set(beside)
        before = self._notes.get(self._note)
        missing = set(before if isinstance(before, list) else ()) - there
        self._doubts = self._doubts + 1 if missing else 0
        if not there or (missing and self._doubts < _MOST):
            raise BadDataError(
                f"settings are missing: {', '.join(sorted(missing)) or 'all'}",
                reason="settings_incomplete",
            )
        if before != (known := sorted(there)):
            self._notes.set(self._note, known)
