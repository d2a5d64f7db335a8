"""What is noted of a battery, so that it can be left as it was (reference 6.2)."""

from collections.abc import Mapping
from typing import Any

from ._vendor.core.control.book import Notes
from .modes import MANUAL, MODES, SELF_CONSUMPTION, TIME_OF_USE

_OPTIMISATION = "11"
_AUTOMATIC = frozenset({SELF_CONSUMPTION, TIME_OF_USE, _OPTIMISATION})
# Sonnen's own mode may be refused where it is selected by hand.
_ALWAYS_TAKEN = frozenset({SELF_CONSUMPTION, TIME_OF_USE})
# What a battery that refused another mode may be in by our doing
_BY_US = frozenset({MANUAL, SELF_CONSUMPTION})
_TESTING = "4"

# In the memo of an order: how it was before a hold, before a force, and before somebody
# selected manual mode
RESERVE_BEFORE, MODE_BEFORE = "reserve_before", "mode_before"
MANUAL_FROM = "manual_from"


def kept_notes(serial: str) -> tuple[str, ...]:
    """Return the notes without which a force could not be ended as it should."""
    return tuple(f"{serial}/{name}" for name in ("reserve", "automatic", "modes_taken"))


class Memory:
    """Keeps it in the account's notes."""

    def __init__(self, serial: str, notes: Notes) -> None:
        """Go on with what was noted."""
        self._notes = notes
        self._reserve, self._automatic, self._taken = kept_notes(serial)
        self._found, self._lost = f"{serial}/modes", f"{serial}/not_restored"

    @property
    def found(self) -> frozenset[str]:
        """The modes that the battery has had, as it calls them."""
        return self._list(self._found)

    @property
    def way_back(self) -> str:
        """The mode in which it last went by itself, if it lets itself be put there."""
        mode = self._notes.get(self._automatic)
        return str(mode) if self.takes(str(mode)) else SELF_CONSUMPTION

    @property
    def not_restored(self) -> str | None:
        """The mode that it refused to go back to, until it has one of its own again."""
        mode = self._notes.get(self._lost)
        return mode if isinstance(mode, str) else None

    @property
    def reserve(self) -> int | None:
        """The reserve before it was held, in percent; None if it is not held."""
        percent = self._notes.get(self._reserve)
        return percent if isinstance(percent, int) else None

    def seen(self, mode: str) -> None:
        """Note the mode that it has."""
        if mode in _AUTOMATIC:
            self._set(self._automatic, mode)
        if mode in _BY_US:
            return
        self._set(self._lost, None)
        if mode in MODES and mode != _TESTING:
            self._add(self._found, mode)

    def takes(self, mode: str) -> bool:
        """Whether it lets itself be put into a mode, as far as is known."""
        return mode in _ALWAYS_TAKEN or mode in self._list(self._taken)

    def taken(self, mode: str) -> None:
        """Note that it was put into a mode."""
        if mode not in _ALWAYS_TAKEN:
            self._add(self._taken, mode)

    def lost_way(self, mode: str) -> None:
        """Note that a mode is none to go back to: the value was refused."""
        if self._notes.get(self._automatic) == mode:
            self._set(self._automatic, None)

    def refused(self, mode: str) -> None:
        """Note that it is not as it was: it did not go back to a mode."""
        self._set(self._taken, sorted(self._list(self._taken) - {mode}) or None)
        self._set(self._lost, mode)

    def holds(self, value: object, memo: Mapping[str, Any]) -> None:
        """Note how the reserve was, before ``value`` is set."""
        if memo.get(RESERVE_BEFORE, value) != value:
            self._set(self._reserve, memo[RESERVE_BEFORE])

    def held(self, value: object, memo: Mapping[str, Any]) -> None:
        """Forget how the reserve was: it is so again."""
        if RESERVE_BEFORE in memo and memo[RESERVE_BEFORE] == value:
            self._set(self._reserve, None)

    def _list(self, key: str) -> frozenset[str]:
        noted = self._notes.get(key)
        return frozenset(map(str, noted)) if isinstance(noted, list) else frozenset()

    def _add(self, key: str, value: str) -> None:
        self._set(key, sorted({*self._list(key), value}))

    def _set(self, key: str, value: Any) -> None:
        if self._notes.get(key) != value:
            self._notes.set(key, value)
