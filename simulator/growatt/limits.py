"""How often a token may ask what (growatt.md 5.2), and who does not keep to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Literal

_DAY = timedelta(days=1)
# The network is not the caller's fault
_GRACE_S = 0.25
_PER_DAY = 10


@dataclass(frozen=True, slots=True)
class Rule:
    """Seconds between two calls, and how many a day; 0 is no limit."""

    seconds: float = 0.0
    per_day: int = 0


# The first glob that matches an endpoint (its path without the prefix) holds
_RULES: tuple[tuple[str, Rule], ...] = (
    ("plant/list", Rule(300, _PER_DAY)),
    ("plant/energy", Rule(300, _PER_DAY)),
    ("plant/user_plant_list", Rule(300, _PER_DAY)),
    ("plant/modify", Rule(300, _PER_DAY)),
    ("user/c_user_list", Rule(300, _PER_DAY)),
    ("device/tlx/tlx_set_info", Rule()),
    ("device/mix/mix_data_info", Rule()),
    ("device/spa/spa_data_info", Rule()),
    ("device/storage/*_data_info", Rule(10)),
    ("device/tlx/tlx_data", Rule(10)),
    ("device/mix/mix_data", Rule(300)),
    ("device/spa/spa_data", Rule(10)),
    ("device/storage/storage_data", Rule(10)),
    ("device/mix/*", Rule(10)),
    ("device/spa/*", Rule(10)),
    ("device/storage/*", Rule(10)),
    ("device/vpp/*", Rule(10)),
    ("vpp*", Rule(10)),
    ("plant/*", Rule(300)),
    ("device/*", Rule(300)),
    ("user/*", Rule(300)),
    ("new-api/queryLastData", Rule(300)),
    ("new-api/queryDeviceInfo", Rule(300)),
    ("new-api/query*HistoricalData", Rule(300)),
    ("new-api/queryDeviceInfoParam", Rule()),
    ("new-api/queryDfcData", Rule()),
    ("new-api/*", Rule(5)),
)
_NOAH_LAST = Rule(60)
_NONE = Rule()


def rule_of(endpoint: str, family: str | None = None) -> Rule:
    """Return the limit of an endpoint, `family` being a v4 `deviceType`."""
    if endpoint == "new-api/queryLastData" and family == "noah":
        return _NOAH_LAST
    for glob, rule in _RULES:
        if fnmatchcase(endpoint, glob):
            return rule
    return _NONE


@dataclass(frozen=True, slots=True)
class Violation:
    """A call that came too early."""

    at: datetime
    endpoint: str
    family: str | None
    gap: float | None
    """Seconds since the call before; None where it was the number per day."""


class Limits:
    """What a token has used; the plain attributes are switches."""

    def __init__(self) -> None:
        """Begin with a token that has not been used."""
        self.enforced = True
        """False: nothing is refused, all is still counted."""
        self.scope: Literal["endpoint", "family"] = "endpoint"
        """Whether the families share the limit of a v4 endpoint (5.2: uncertain)."""
        self.violations: list[Violation] = []
        """Of the reading that `scope` says, oldest first."""
        self._calls: dict[tuple[str, str, str | None], list[datetime]] = {}

    @property
    def broken(self) -> int:
        """How many calls came too early, refused or not."""
        return len(self.violations)

    def forget(self) -> None:
        """Begin anew, as if nothing had been asked for a day."""
        self.violations.clear()
        self._calls.clear()

    def spend(
        self, token: str, endpoint: str, family: str | None, now: datetime
    ) -> bool:
        """Count a call; return whether it is answered.

        A refused call does not prolong the time.
        """
        rule = rule_of(endpoint, family)
        if rule == _NONE:
            return True
        bucket = (token, endpoint, family if self.scope == "family" else None)
        # A clock that was set back has no calls in the future
        calls = [at for at in self._calls.get(bucket, []) if now - _DAY < at <= now]
        gap = (now - calls[-1]).total_seconds() if calls else None
        early = gap is not None and gap < rule.seconds - _GRACE_S
        often = 0 < rule.per_day <= len(calls)
        self._calls[bucket] = calls
        if early or often:
            self.violations.append(
                Violation(now, endpoint, family, gap if early else None)
            )
            if self.enforced:
                return False
        calls.append(now)
        return True
