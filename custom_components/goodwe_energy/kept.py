"""Answers that are read seldom, and may be missing (reference sections 5 and 10.3)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from ._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
)
from .api.errors import DEVICE_BUSY, VENDOR_TROUBLE

_OF_ONE_ANSWER = frozenset({VENDOR_TROUBLE, DEVICE_BUSY})
# So often something that fails is asked for at once, and then after pauses that double
_SOON = 3
_AGAIN = timedelta(minutes=15)
# So often in a row, over hours, nothing is said of what is gone
_GONE = 8
# What may end at any time is not waited for any longer
_TROUBLE = timedelta(hours=1)


class Kept:
    """Answers that are read seldom, and are put beside others that are read often.

    One that failed, or had nothing to say, is asked for again at the next
    opportunities, and after a few of them ever more seldom.
    """

    def __init__(self, every: timedelta) -> None:
        """Begin with nothing; each is asked for ``every`` so often."""
        self._every = every
        self._answers: dict[str, Any] = {}
        self._asked: dict[str, datetime] = {}
        self._missed: dict[str, int] = {}
        self._empties: dict[str, int] = {}
        self._pauses: dict[str, timedelta] = {}

    def remember(self, key: str, answer: Any) -> None:
        """Take over what was kept over a restart; it is renewed at its next turn."""
        self._answers.setdefault(key, answer)

    def forget(self, key: str) -> None:
        """Ask for something again at the next opportunity."""
        self._asked.pop(key, None)

    def drop(self, key: str) -> None:
        """Know nothing of it any more."""
        self.forget(key)
        self._answers.pop(key, None)

    async def get(
        self, key: str, ask: Callable[[], Awaitable[Any]], *, empty: bool = False
    ) -> Any:
        """Return an answer, the last one if it cannot be renewed; None without any.

        ``empty`` tells that one without anything in it is an answer too.
        """
        if not self._waits(key):
            await self.renew(key, ask, empty=empty)
        return self._answers.get(key)

    def answered(self, key: str) -> bool:
        """Tell whether something was answered when it was asked for last."""
        return key in self._asked and key not in self._missed

    async def renew(
        self, key: str, ask: Callable[[], Awaitable[Any]], *, empty: bool = False
    ) -> bool:
        """Ask for something now; return whether it was answered."""
        longest = self._every
        try:
            found = await ask()
        except ApiError as err:
            if not dispensable(err):
                raise
            if not isinstance(err, UnsupportedError | NotPermittedError):
                longest = min(longest, _TROUBLE)
            found, answered = None, False
        else:
            self._empties[key] = 0 if found else self._empties.get(key, 0) + 1
            answered = bool(found) or empty or self._empties[key] >= _GONE
        if answered:
            self._answers[key] = found
        self._asked[key] = dt_util.utcnow()
        if answered:
            self._missed.pop(key, None)
            self._pauses[key] = self._every
        else:
            missed = self._missed[key] = self._missed.get(key, 0) + 1
            self._pauses[key] = min(longest, _pause(missed))
        return answered

    def _waits(self, key: str) -> bool:
        asked = self._asked.get(key)
        if asked is None:
            return False
        return timedelta() <= dt_util.utcnow() - asked < self._pauses[key]


def _pause(missed: int) -> timedelta:
    """Return how long something rests that was not to be had so often."""
    if missed <= _SOON:
        return timedelta()
    return _AGAIN * 2.0 ** min(missed - _SOON - 1, 8)


def dispensable(err: ApiError) -> bool:
    """Tell whether an error is of one answer, without which others tell enough (10.3).

    One of the account is of all. So is one of the network, but then what is needed
    fails too.
    """
    if isinstance(err, MaintenanceError):
        return err.reason in _OF_ONE_ANSWER
    return isinstance(
        err, TransportError | UnsupportedError | NotPermittedError | BadDataError
    )
