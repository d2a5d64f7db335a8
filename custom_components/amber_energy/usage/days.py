"""Usage records as whole days and hours (reference section 7.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
import hashlib
import json
import re

from .._vendor.core.ha.statistics import Mean, hour_of
from ..api.models import Quality
from ..driver import NEM, Channel, UsageRecord

NET_COST = "net_cost"

_MINUTES = 24 * 60
# What is kept of energies, kWh, and of money, AUD and AUD/kWh
_ENERGY_DIGITS, _MONEY_DIGITS = 4, 6
_NO_SLUG = re.compile(r"[^a-z0-9]+")

type Hours = dict[datetime, float]


@dataclass(frozen=True, slots=True)
class HourUsage:
    """What a register counted in a UTC hour.

    Attributes:
        kwh: Energy, never negative.
        cost: AUD with Amber's sign: positive is charged, negative is earned.
    """

    kwh: float
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDay:
    """A NEM day of one register.

    Attributes:
        channel: What the register counts.
        hours: By UTC hour.
        prices: AUD/kWh by UTC hour; positive is earned on the feed-in.
        estimated: Whether the meter could not be read for some of it.
        complete: Whether the records cover the day, each moment once.
    """

    channel: Channel
    hours: Mapping[datetime, HourUsage]
    prices: Mapping[datetime, Mean]
    estimated: bool
    complete: bool

    @property
    def kwh(self) -> float:
        """Energy of the day."""
        return round(sum(hour.kwh for hour in self.hours.values()), _ENERGY_DIGITS)

    @property
    def cost(self) -> float:
        """AUD of the day, with Amber's sign."""
        return round(sum(hour.cost for hour in self.hours.values()), _MONEY_DIGITS)


@dataclass(frozen=True, slots=True)
class UsageDay:
    """A NEM day of all registers, by their keys (see ``register_key``)."""

    day: date
    registers: Mapping[str, RegisterDay]

    @property
    def complete(self) -> bool:
        """Whether the day is published, and each of its registers is complete."""
        return bool(self.registers) and all(
            register.complete for register in self.registers.values()
        )

    @property
    def estimated(self) -> bool:
        """Whether some of it may still be corrected."""
        return any(register.estimated for register in self.registers.values())

    def series(self) -> dict[str, Hours]:
        """Return the amounts by UTC hour for each statistic of sums (7.2, 7.3)."""
        found: dict[str, Hours] = {}
        net: Hours = {}
        for key, register in self.registers.items():
            money: Hours = {}
            earns = register.channel is Channel.FEED_IN
            for hour, usage in register.hours.items():
                money[hour] = -usage.cost if earns else usage.cost
                net[hour] = net.get(hour, 0.0) + usage.cost
            found[f"{key}_energy"] = {h: u.kwh for h, u in register.hours.items()}
            found[f"{key}_{money_kind(register.channel)}"] = money
        if net:
            found[NET_COST] = net
        return found

    @property
    def fingerprint(self) -> str:
        """Return what changes when a number of the day does."""
        numbers = {
            key: {
                f"{hour:%d%H}": round(amount, _MONEY_DIGITS) + 0.0
                for hour, amount in sorted(hours.items())
            }
            for key, hours in sorted(self.series().items())
        }
        text = json.dumps(numbers, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def money_kind(channel: Channel) -> str:
    """Return what the money of a channel is called: charged or earned."""
    return "compensation" if channel is Channel.FEED_IN else "cost"


def register_key(identifier: str) -> str:
    """Return a register's identifier as it stands in ids: lower case, no symbols."""
    return _NO_SLUG.sub("_", identifier.lower()).strip("_") or "register"


def days(records: Iterable[UsageRecord]) -> dict[date, UsageDay]:
    """Sort records into NEM days; those without any record are not in it."""
    found: dict[date, dict[str, list[UsageRecord]]] = {}
    for record in records:
        registers = found.setdefault(record.nem_date, {})
        registers.setdefault(register_key(record.identifier), []).append(record)
    return {
        day: UsageDay(
            day, {key: _register(day, of_day) for key, of_day in registers.items()}
        )
        for day, registers in found.items()
    }


def _register(day: date, records: list[UsageRecord]) -> RegisterDay:
    """Sum up one register's records; of two of the same time the later one counts."""
    by_start = {record.start: record for record in records}
    hours: dict[datetime, HourUsage] = {}
    prices: dict[datetime, list[tuple[float, int]]] = {}
    for start, record in sorted(by_start.items()):
        hour = hour_of(start)
        before = hours.get(hour, HourUsage(0.0, 0.0))
        hours[hour] = HourUsage(before.kwh + record.kwh, before.cost + record.cost)
        if record.price is not None:
            prices.setdefault(hour, []).append((record.price, record.duration))
    return RegisterDay(
        channel=records[-1].channel,
        hours={
            hour: HourUsage(
                round(usage.kwh, _ENERGY_DIGITS), round(usage.cost, _MONEY_DIGITS)
            )
            for hour, usage in hours.items()
        },
        prices={hour: _mean(found) for hour, found in prices.items()},
        estimated=any(
            record.quality is not Quality.BILLABLE for record in by_start.values()
        ),
        complete=_covers(day, by_start),
    )


def _covers(day: date, records: Mapping[datetime, UsageRecord]) -> bool:
    """Tell whether the records are one duration's steps of the whole day."""
    durations = {record.duration for record in records.values()}
    if len(durations) != 1 or (duration := durations.pop()) <= 0:
        return False
    begin = datetime.combine(day, time.min, NEM).astimezone(UTC)
    steps, rest = divmod(_MINUTES, duration)
    wanted = {begin + step * timedelta(minutes=duration) for step in range(steps)}
    return rest == 0 and records.keys() == wanted


def _mean(prices: list[tuple[float, int]]) -> Mean:
    values = [price for price, _ in prices]
    minutes = sum(duration for _, duration in prices)
    return Mean(
        mean=sum(price * duration for price, duration in prices) / minutes,
        low=min(values),
        high=max(values),
    )
