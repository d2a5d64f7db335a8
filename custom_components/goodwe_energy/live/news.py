"""Which of poll and push is shown of a plant's power flow (section 5, live push)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from .._vendor.core.client.decode import mapping
from .._vendor.core.ha.zones import stamp
from ..signs import unsigned

# Loggers upload every five minutes at worst: then the polls are newer than the push
_KEPT = timedelta(minutes=10)
# A clock that is more ahead of ours orders nothing
_AHEAD = timedelta(minutes=2)


class FlowNews:
    """The power flow of one plant out of polls and pushes.

    A push has only a part of the flow, so it is put over the last poll. Older ones of
    either never come after newer ones.
    """

    def __init__(
        self, zone: Callable[[], tzinfo], oldest: Callable[[], timedelta]
    ) -> None:
        """Begin with nothing known.

        Args:
            zone: The station's zone, in which both tell times.
            oldest: How old a poll may be whose part of the flow no push has.
        """
        self._zone, self._oldest = zone, oldest
        self._polled: Mapping[str, Any] = {}
        self._pushed: Mapping[str, Any] = {}
        self._polled_at: datetime | None = None
        self._received_at: datetime | None = None
        # When they were true, as the cloud says
        self._poll_time: datetime | None = None
        self._push_time: datetime | None = None
        self._unsigned = False
        self.shown: Mapping[str, Any] = {}

    def polled(self, raw: Any, received_at: datetime) -> Any:
        """Return what is to be shown after a poll, in the poll's shape."""
        self._polled, self._polled_at = mapping(raw), received_at
        self._poll_time = self._time(self._polled, received_at)
        self._unsigned = self._unsigned or unsigned(self._polled)
        if not self._push_holds(received_at):
            self._pushed, self._push_time = {}, None
        if not self._pushed:
            self.shown = self._polled
            return raw
        self.shown = self._merged(received_at)
        return self.shown

    def pushed(
        self, raw: Mapping[str, Any], received_at: datetime
    ) -> Mapping[str, Any] | None:
        """Return what is to be shown after a push; None if that is of no use.

        The same object as before, if it is nothing new. ``refreshTime`` of it moves on
        once a minute, as that of polls does.
        """
        if self._unsigned and not mapping(raw.get("flows")):
            # Its powers have no direction
            return None
        told = self._time(raw, received_at)
        if _before(told, self._poll_time) or _before(told, self._push_time):
            return None
        self._pushed, self._push_time, self._received_at = raw, told, received_at
        shown = self._merged(received_at)
        if shown != self.shown:
            self.shown = shown
        return self.shown

    def _push_holds(self, now: datetime) -> bool:
        """Whether the push is newer than the poll that has just come."""
        if self._push_time is None or self._received_at is None:
            return False
        in_time = now - self._received_at <= _KEPT
        return in_time and not _before(self._push_time, self._poll_time)

    def _merged(self, now: datetime) -> dict[str, Any]:
        polled = self._polled
        if self._polled_at is None or now - self._polled_at > self._oldest():
            polled = {}
        # The directions of a poll say nothing of the powers of a push
        merged = {key: item for key, item in polled.items() if key != "flows"}
        merged |= {k: item for k, item in self._pushed.items() if k != "refreshTime"}
        if (told := self._push_time) is not None:
            local = told.astimezone(self._zone()).replace(tzinfo=None)
            merged["refreshTime"] = local.replace(second=0, microsecond=0).isoformat()
        return merged

    def _time(self, raw: Mapping[str, Any], received_at: datetime) -> datetime | None:
        """Return when it was true, in UTC; None if nobody can tell."""
        told = stamp(raw.get("refreshTime"), self._zone(), received_at)
        return None if told is None or told > received_at + _AHEAD else told


def _before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other
