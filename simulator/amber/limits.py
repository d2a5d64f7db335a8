"""Rate limits: fixed windows, counters, both kinds of 429 (amber.md section 5.1)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
import math
from typing import Literal

from ..noise import dice

type Group = Literal["sites_usage", "prices", "prices_current", "renewables"]
GROUPS: tuple[Group, ...] = ("sites_usage", "prices", "prices_current", "renewables")


@dataclass(slots=True)
class Window:
    """One counter; it begins with the first request after the last window's end."""

    end: datetime
    used: int = 0


class Limits:
    """The budget of each caller; the plain attributes are switches."""

    def __init__(self, seed: int = 1) -> None:
        """Begin with what has been observed."""
        self.seed = seed
        self.limit = 50
        self.window = 300
        """Seconds."""
        self.scope: Literal["token", "account", "address"] = "token"
        """Who shares a counter."""
        self.current: Literal["prices", "own", "sites_usage"] = "prices"
        """The counter that `/prices/current` draws on."""
        self.renewables = True
        """False: renewables have neither a limit nor the headers."""
        self.headers: Literal["usual", "lower", "none"] = "usual"
        """Of every authorised answer: as written, in lower case, or not at all."""
        self.refused_headers: Literal["all", "reset", "none"] = "all"
        """Of the own 429."""
        self.refused_body: Literal["json", "text", "empty"] = "json"
        self.refused_extends = False
        """A refused request begins the window anew."""
        self.storm_rate = 0.0
        """Share (0-1) of the requests that the gateway throttles."""
        self.storm_seconds = 0.0
        """The gateway does so only this long after each full minute; 0 is always."""
        self._windows: dict[tuple[str, str], Window] = {}
        self._storm = 0
        self.refused: Counter[str] = Counter()
        """Own 429 per group, and those of the gateway as `gateway`."""
        self.most: Counter[str] = Counter()
        """The most requests that were made in one window, per counter."""

    def counter_of(self, group: Group) -> str:
        """Return the name of the counter that a group draws on."""
        if group == "prices_current" and self.current != "own":
            return self.current
        return group

    def window_of(self, caller: str, group: Group, now: datetime) -> Window:
        """Return the running window of a caller, without a request in it."""
        key = (caller, self.counter_of(group))
        window = self._windows.get(key)
        if window is None or not now < window.end:
            window = Window(now + timedelta(seconds=self.window))
            self._windows[key] = window
        return window

    def spend(self, caller: str, group: Group, now: datetime) -> bool:
        """Count a request; return whether it is within the limit."""
        window = self.window_of(caller, group, now)
        if window.used >= self.limit:
            self.refused[group] += 1
            if self.refused_extends:
                window.end = now + timedelta(seconds=self.window)
            return False
        window.used += 1
        counter = self.counter_of(group)
        self.most[counter] = max(self.most[counter], window.used)
        return True

    def use(self, caller: str, group: Group, now: datetime, requests: int) -> None:
        """Count requests of somebody else who shares a caller's budget."""
        window = self.window_of(caller, group, now)
        window.used = min(window.used + requests, self.limit)

    def told(self, caller: str, group: Group, now: datetime) -> dict[str, str]:
        """Return the four headers."""
        window = self.window_of(caller, group, now)
        reset = math.ceil((window.end - now).total_seconds())
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.limit - window.used),
            "RateLimit-Reset": str(reset),
            "RateLimit-Policy": f"{self.limit};w={self.window}",
        }
        if self.headers == "lower":
            return {name.lower(): value for name, value in headers.items()}
        return headers

    def remaining(self, caller: str, group: Group, now: datetime) -> int:
        """Return what a caller has left in its running window."""
        window = self._windows.get((caller, self.counter_of(group)))
        if window is None or not now < window.end:
            return self.limit
        return self.limit - window.used

    def is_throttled(self, now: datetime) -> bool:
        """Return whether the gateway refuses this request."""
        if self.storm_rate <= 0:
            return False
        if (
            self.storm_seconds
            and now.second + now.microsecond / 1e6 > self.storm_seconds
        ):
            return False
        self._storm += 1
        if dice(self.seed, "storm", self._storm).random() >= self.storm_rate:
            return False
        self.refused["gateway"] += 1
        return True
