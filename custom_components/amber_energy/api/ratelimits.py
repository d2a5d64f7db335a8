"""What the server last said of its request limits (reference 2.5 and 5.1).

Independent counters stand behind groups of endpoints, and every other client of the
account draws on them too: only the headers of the last answer tell what is left.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
import re
from typing import Any

from .._vendor.core.client.decode import integer, mapping, moment, text

SITES_USAGE, PRICES, PRICES_CURRENT, RENEWABLES = GROUPS = (
    "sites_usage",
    "prices",
    "prices_current",
    "renewables",
)
# Renewables are asked without the token, so they tell nothing of its budget
AUTHORISED = GROUPS[:3]

# The documented policy, for answers that leave something out
LIMIT, WINDOW = 50, 300
_LONGEST_RESET = 3600
# Both the server's time and the reset are whole seconds
_ROUNDED = 2.0
# Answers that overtook each other on their way explain no more than that
_OVERTAKEN = 5
# More than any window has
_REMEMBERED = 500
_POLICY_WINDOW = re.compile(r";\s*w\s*=\s*([0-9]{1,6})\b", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """The counter of one group as the last answer told it.

    Attributes:
        limit: Requests per window.
        remaining: Requests that were left after that answer.
        reset: Seconds from that answer to the end of the window.
        policy: The header as it came, such as `50;w=300`; `None` without one.
        window: Length of the window in seconds.
        answered_at: The server's `Date`, aware UTC; the time of receipt without one.
        received_at: When it came, by our own clock, aware UTC.
    """

    limit: int
    remaining: int
    reset: int
    policy: str | None
    window: int
    answered_at: datetime
    received_at: datetime

    @classmethod
    def from_headers(
        cls, headers: Mapping[str, str], received_at: datetime
    ) -> RateLimit | None:
        """Decode; `None` if it is not said what is left and until when."""
        found = {name.lower(): value for name, value in headers.items()}
        remaining = integer(found.get("ratelimit-remaining"), low=0, high=10**6)
        reset = integer(found.get("ratelimit-reset"), low=0)
        if remaining is None or reset is None:
            return None
        policy = text(found.get("ratelimit-policy"))
        window = _POLICY_WINDOW.search(policy or "")
        return cls(
            limit=integer(found.get("ratelimit-limit"), low=1, high=10**6) or LIMIT,
            remaining=remaining,
            reset=min(reset, _LONGEST_RESET),
            policy=policy,
            window=(int(window[1]) if window else 0) or WINDOW,
            answered_at=_http_date(found.get("date")) or received_at,
            received_at=received_at,
        )

    @property
    def reset_at(self) -> datetime:
        """The end of the window by the server's clock, aware UTC."""
        return self.answered_at + timedelta(seconds=self.reset)

    def wait(self, now: datetime) -> float:
        """Return the seconds until the window ends, 0 if it has; `now` is our clock's.

        Counted from the receipt, as our clock may differ from the server's. If it was
        put back since, nobody knows: 0.
        """
        passed = (now - self.received_at).total_seconds()
        return max(0.0, self.reset - passed) if passed >= 0 else 0.0

    def left(self, now: datetime) -> int:
        """Return the requests that are left; all of them once the window is over."""
        return self.remaining if self.wait(now) > 0 else self.limit


class RateLimits:
    """The last known counters of one token, by group of endpoints."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._groups: dict[str, RateLimit] = {}
        self._apart: set[frozenset[str]] = set()
        self._answers: deque[tuple[datetime, str]] = deque(maxlen=_REMEMBERED)
        self._listeners: list[Callable[[], None]] = []

    def note(
        self, group: str, headers: Mapping[str, str], received_at: datetime
    ) -> RateLimit | None:
        """Take over what an answer says; return it, `None` if it says nothing.

        An answer without the headers, as 403 and the gateway's 429 are, changes
        nothing.
        """
        told = RateLimit.from_headers(headers, received_at)
        if told is not None:
            self._part(group, told)
            self._groups[group] = told
            self._answers.append((received_at, group))
            for listener in tuple(self._listeners):
                listener()
        return told

    def get(self, group: str) -> RateLimit | None:
        """Return the last known counter of `group`."""
        return self._groups.get(group)

    def tightest(self, now: datetime) -> RateLimit | None:
        """Return the counter of the token with the least left; `None` before any."""
        return self._tightest(AUTHORISED, now)

    def _tightest(self, groups: Iterable[str], now: datetime) -> RateLimit | None:
        known = [told for name in groups if (told := self._groups.get(name))]
        return min(
            known, key=lambda told: (told.left(now), -told.wait(now)), default=None
        )

    def _part(self, group: str, told: RateLimit) -> None:
        """Note which groups have another counter: one only falls within its window."""
        for name, other in self._groups.items():
            running = other.wait(told.received_at) > _ROUNDED
            risen = told.remaining > other.remaining + _OVERTAKEN
            if name != group and running and risen:
                self._apart.add(frozenset({group, name}))

    def around(self, group: str) -> list[str]:
        """Return the token's groups that may draw on the counter of `group`.

        Which ones do is not documented (reference section 5.1); the answers show it.
        """
        return [
            name for name in AUTHORISED if frozenset({group, name}) not in self._apart
        ]

    def tightest_around(self, group: str, now: datetime) -> RateLimit | None:
        """Return the counter with the least left of those that `group` may draw on."""
        return self._tightest(self.around(group), now)

    def answers_around(
        self, group: str, since: datetime, until: datetime
    ) -> int | None:
        """Return how many answers of `around` told a counter, both moments included.

        `None` if the first answer to this run of ours came after `since`.
        """
        if not self._answers or self._answers[0][0] > since:
            return None
        groups = self.around(group)
        return sum(
            since <= moment <= until and name in groups
            for moment, name in self._answers
        )

    def left(self, now: datetime) -> int | None:
        """Return what is left of the tightest counter; `None` before the first answer."""
        told = self.tightest(now)
        return None if told is None else told.left(now)

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each answer that told a counter; return the undoing."""
        self._listeners.append(callback)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(callback)

        return stop

    def dump(self) -> dict[str, Any]:
        """Return the state as plain JSON."""
        return {
            group: {
                "limit": told.limit,
                "remaining": told.remaining,
                "reset": told.reset,
                "policy": told.policy,
                "window": told.window,
                "answered_at": told.answered_at.isoformat(),
                "received_at": told.received_at.isoformat(),
            }
            for group, told in self._groups.items()
        }

    def restore(self, data: object) -> None:
        """Take over what `dump` returned in an earlier run; nonsense is left out."""
        for group, item in mapping(data).items():
            state = mapping(item)
            limit = integer(state.get("limit"), low=1, high=10**6)
            remaining = integer(state.get("remaining"), low=0, high=10**6)
            reset = integer(state.get("reset"), low=0, high=_LONGEST_RESET)
            window = integer(state.get("window"), low=1, high=10**6)
            answered_at = moment(state.get("answered_at"))
            received_at = moment(state.get("received_at"))
            if (
                group in GROUPS
                and limit is not None
                and remaining is not None
                and reset is not None
                and window is not None
                and answered_at is not None
                and received_at is not None
            ):
                self._groups[group] = RateLimit(
                    limit=limit,
                    remaining=remaining,
                    reset=reset,
                    policy=text(state.get("policy")),
                    window=window,
                    answered_at=answered_at,
                    received_at=received_at,
                )


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except ValueError, TypeError, OverflowError, IndexError:
        return None
