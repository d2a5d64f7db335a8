"""Whether a model has remote control, from what it has answered (reference section 6.6)."""

from datetime import date, timedelta

from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import (
    ApiError,
    LockedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from ._vendor.core.control.book import Notes
from .api.errors import PERMISSION

# On so many days it must have said no: a single answer may be a passing one.
_DAYS = 3
# Then new firmware may bring it.
_AGAIN = timedelta(days=7)
_REFUSED_MODEL = frozenset({"6", "7"})


class Support:
    """What is noted of one device's answers."""

    def __init__(self, serial: str, notes: Notes, clock: Clock) -> None:
        """Share the notes of the account."""
        self._yes, self._no = f"{serial}/vpp", f"{serial}/vpp_no"
        self._notes, self._clock = notes, clock

    @property
    def known(self) -> bool | None:
        """Whether the model has it; None while that is open."""
        if len(self._refusals) >= _DAYS:
            return False
        return True if self._notes.get(self._yes) is True else None

    @property
    def due(self) -> bool:
        """Whether to ask: always where it was there, else once a day, then a week."""
        if self.known or not (refusals := self._refusals):
            return True
        pause = _AGAIN if self.known is False else timedelta(days=1)
        return self._today - refusals[-1] >= pause

    async def says_yes(self) -> None:
        """Take note that it was answered."""
        if self._notes.get(self._yes) is not True or self._refusals:
            self._notes.set(self._yes, True)
            self._notes.set(self._no, None)
            await self._notes.save()

    async def says_no(self) -> None:
        """Take note that it was refused today."""
        days = [*self._refusals, self._today]
        if days[-2:-1] != days[-1:]:
            self._notes.set(self._no, [day.isoformat() for day in days[-_DAYS:]])
            await self._notes.save()

    @property
    def _today(self) -> date:
        return self._clock.now().date()

    @property
    def _refusals(self) -> list[date]:
        noted = self._notes.get(self._no)
        return [date.fromisoformat(day) for day in noted or ()]


def says_no(err: ApiError) -> bool:
    """Whether the model does not have it."""
    lacks = isinstance(err, UnsupportedError) and err.reason != PERMISSION
    return lacks or err.code in _REFUSED_MODEL


def may_pass(err: ApiError) -> bool:
    """Whether it may go over by itself."""
    passing = isinstance(err, TransportError | ThrottledError | LockedError)
    return passing or offline(err)


def offline(err: ApiError) -> bool:
    """Whether the device's datalogger cannot be reached."""
    return err.reason in {"offline", "device_offline"}
