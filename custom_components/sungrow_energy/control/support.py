"""Which codes a device has, and how they can be read (reference section 6.2)."""

from collections.abc import Iterable, Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

from .._vendor.core.client.clock import Clock
from .._vendor.core.client.decode import mapping, moment, text
from .._vendor.core.control.book import Notes

# A right that an application lacks may be given to it later.
_ASKED_AGAIN = timedelta(days=7)
_FAILED_AGAIN = 6 * 3600.0
# What was there and is missing for so long is gone; before, the cloud may be wrong.
_GONE_AFTER = 86400.0


class Support:
    """What is remembered of the codes of one device."""

    def __init__(
        self,
        uuid: str,
        notes: Notes,
        clock: Clock,
        stays: AbstractSet[str] = frozenset(),
    ) -> None:
        """Take over what an earlier run has found out.

        ``stays`` are codes that are never forgotten once they were read.
        """
        self._stays = stays
        self._note, self._notes, self._clock = f"{uuid}/parameters", notes, clock
        stored = mapping(notes.get(self._note))
        refused = mapping(stored.get("no")).items()
        self._no: dict[str, datetime] = {
            code: at for code, raw in refused if (at := moment(raw)) is not None
        }
        self._alone = _texts(stored.get("alone"))
        self._known = _texts(stored.get("known"))
        self._failed: dict[str, float] = {}
        self._missing: dict[str, float] = {}
        self._disagreed: set[frozenset[str]] = set()

    def has(self, code: str) -> bool:
        """Return whether it makes sense to ask for a code."""
        at = self._no.get(code)
        if at is not None and self._clock.now() - at < _ASKED_AGAIN:
            return False
        return self._clock.monotonic() >= self._failed.get(code, 0.0)

    def is_alone(self, code: str) -> bool:
        """Return whether a code is refused together with others, and not by itself."""
        return code in self._alone

    def known(self, code: str) -> bool:
        """Return whether a code has ever been read."""
        return code in self._known

    def stays(self, code: str) -> bool:
        """Return whether a code that was read is not given up, whatever happens."""
        return code in self._stays & self._known

    def expects(self, code: str) -> bool:
        """Return whether a code that is silent may be heard of again."""
        return self.has(code) or self.stays(code)

    def answered(self, codes: Iterable[str]) -> None:
        """Note that codes were read, in one task."""
        found = set(codes)
        self._disagreed -= {pair for pair in self._disagreed if pair <= found}
        for code in found:
            self._missing.pop(code, None)
            self._failed.pop(code, None)
        if found <= self._known and found.isdisjoint(self._no):
            return
        self._no = {code: at for code, at in self._no.items() if code not in found}
        self._known |= found
        self._keep()

    def disagreed(self, pair: Iterable[str]) -> None:
        """Note that two are refused together, and neither by itself: once is chance."""
        both = frozenset(pair)
        if both not in self._disagreed:
            self._disagreed.add(both)
            return
        self._alone |= both
        self._keep()

    def refused(self, code: str) -> bool:
        """Note that the device does not have it, or the application no right to it.

        Returns False while that is not believed, for it was there.
        """
        if not self._is_gone(code):
            return False
        self._no[code] = self._clock.now()
        self._keep()
        return True

    def failed(self, code: str) -> bool:
        """Note that the device did not answer it; it is asked again hours later.

        Returns False while that is not believed, for it was there.
        """
        if not self._is_gone(code):
            return False
        self._failed[code] = self._clock.monotonic() + _FAILED_AGAIN
        return True

    def forget(self) -> None:
        """Ask for everything again, and miss nothing."""
        self._no.clear()
        self._failed.clear()
        self._alone.clear()
        self._known &= self._stays
        self._keep()

    def _is_gone(self, code: str) -> bool:
        if code not in self._known:
            return True
        now = self._clock.monotonic()
        return now - self._missing.setdefault(code, now) >= _GONE_AFTER

    def _keep(self) -> None:
        self._notes.set(
            self._note,
            {
                "no": {code: at.isoformat() for code, at in self._no.items()},
                "alone": sorted(self._alone),
                "known": sorted(self._known),
            },
        )


def _texts(raw: Any) -> set[str]:
    items = raw if isinstance(raw, list) else []
    return {found for item in items if (found := text(item)) is not None}
