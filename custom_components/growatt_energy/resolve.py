"""Reading what Growatt writes: many names for one thing, many spellings of nothing.

Reference section 3.0 and quirks Q7, Q9, Q14, Q24. Nothing here raises: what makes no
sense is None.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
import math
import re
from typing import Any

from ._vendor.core.client.decode import (
    integer,
    local_datetime,
    mapping,
    moment,
    number,
    text,
)

type Wire = Mapping[str, Any]

_NOTHING = frozenset({"", "null", '"null"', "--", "-", "none", "nan", "undefined"})
_QUANTITY = re.compile(
    r"([+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)\s*([^0-9\s.]\S*)?", re.ASCII
)
# Counters and limits that the device does not have (Q24)
_SENTINELS = (-0.1, -1.0)
_WATTS = {"w": 1.0, "watt": 1.0, "kw": 1e3, "mw": 1e6, "va": 1.0, "kva": 1e3}
_KILOWATT_HOURS = {"wh": 1e-3, "kwh": 1.0, "mwh": 1e3, "gwh": 1e6}
_KILOGRAMS = {"g": 1e-3, "kg": 1.0, "t": 1e3}
# Digits that a text may have; what came as float32 gets those of its kind.
_TEXT_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spec:
    units: Mapping[str, float] | None = None
    low: float = 0.0
    high: float = 1e9
    digits: int = 1
    sentinels: bool = True


class Kind(Enum):
    """What a value is: its unit, what is possible, and how exact it is."""

    POWER = _Spec(units=_WATTS, high=2e6)
    SIGNED_POWER = _Spec(units=_WATTS, low=-2e6, high=2e6)
    # Of a device that knows no sentinels (NOAH): -1 W is one watt
    TRUE_POWER = _Spec(units=_WATTS, low=-2e6, high=2e6, sentinels=False)
    # Of a plant: of many devices, and maybe in a unit that is not what was meant
    PLANT_POWER = _Spec(units=_WATTS, high=1e10)
    ENERGY = _Spec(units=_KILOWATT_HOURS, high=1e8)
    PERCENT = _Spec(units={"%": 1.0}, high=100.0)
    VOLTAGE = _Spec(units={"v": 1.0, "mv": 1e-3}, high=3000.0)
    MILLIVOLT = _Spec(units={"mv": 1.0}, high=10_000.0)
    CURRENT = _Spec(units={"a": 1.0}, low=-5000.0, high=5000.0)
    FREQUENCY = _Spec(units={"hz": 1.0}, high=100.0, digits=2)
    TEMPERATURE = _Spec(
        units={"c": 1.0, "°c": 1.0, "℃": 1.0}, low=-80.0, high=200.0, sentinels=False
    )
    RATIO = _Spec(low=-1.0, high=1.0, digits=2)
    NUMBER = _Spec()
    MASS = _Spec(units=_KILOGRAMS, high=1e9)
    MONEY = _Spec(low=-1e9, digits=2, sentinels=False)
    DBM = _Spec(units={"dbm": 1.0}, low=-150.0, high=0.0, sentinels=False)
    CODE = "code"
    STATUS = "status"
    TEXT = "text"


def blank(value: Any) -> bool:
    """Tell whether the vendor wrote nothing, in one of its spellings."""
    if value is None:
        return True
    return isinstance(value, str) and value.strip().lower() in _NOTHING


def words(value: Any) -> str | None:
    """Return a text of the vendor, None for its spellings of nothing."""
    if isinstance(value, str):
        value = value.replace("\x00", "")
    return None if blank(value) else text(value)


def status(value: Any) -> str | None:
    """Return a state in words, also of a key of the app's texts (3.F): ``Normal``."""
    found = words(value)
    family, dot, state = (found or "").partition(".status.")
    return state.capitalize() if family and dot and state else found


def serial(value: Any) -> str | None:
    """Return a serial number; None for one of NUL bytes (Q24)."""
    if isinstance(value, str) and "\x00" in value:
        return None
    found = words(value)
    return None if found in {None, "0"} else found


def quantity(value: Any, kind: Kind, factor: float = 1.0) -> float | None:
    """Return a number in the unit of its kind.

    ``factor`` turns what stands in ``value`` into that unit. A unit that is glued to
    the number (``"2.37 MWh"``) counts instead, with the factor's sign; one that does
    not belong is no value.
    """
    spec = kind.value
    if not isinstance(spec, _Spec) or blank(value):
        return None
    digits = spec.digits
    if isinstance(value, str):
        match = _QUANTITY.fullmatch(value.strip())
        if match is None:
            return None
        if (unit := match[2]) is not None:
            if (found := (spec.units or {}).get(unit.lower())) is None:
                return None
            factor = math.copysign(found, factor)
        value = match[1]
        digits = max(digits, _TEXT_DIGITS)
    plain = number(value)
    if plain is None:
        return None
    if spec.sentinels and any(abs(plain - one) < 1e-6 for one in _SENTINELS):
        return None
    result = number(round(plain * factor, digits), low=spec.low, high=spec.high)
    return None if result is None else result + 0.0


def code(value: Any) -> int | None:
    """Return a whole number that stands for something; None for sentinels."""
    found = integer(value, low=0, high=2**63)
    return None if blank(value) else found


def decode(value: Any, kind: Kind, factor: float = 1.0) -> float | int | str | None:
    """Return a value of its kind."""
    match kind:
        case Kind.CODE:
            return code(value)
        case Kind.STATUS:
            return status(value)
        case Kind.TEXT:
            return words(value)
        case _:
            return quantity(value, kind, factor)


def at(wire: Wire, path: str) -> Any:
    """Return what stands at ``part.name`` or ``name``; None if nothing does."""
    found: Any = wire
    for name in path.split("."):
        found = mapping(found).get(name)
    return found


def money(value: Any) -> tuple[float | None, str | None]:
    """Return amount and currency sign of ``"3.1/€"`` or ``"474.9 (€)"`` (Q14)."""
    if not isinstance(value, str):
        return quantity(value, Kind.MONEY), None
    amount, _, sign = value.replace("(", "/").replace(")", "").partition("/")
    return quantity(amount.strip(), Kind.MONEY), words(sign)


_CURRENCIES = {
    "€": "EUR",
    "£": "GBP",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "US$": "USD",
    "RMB": "CNY",
    "ZŁ": "PLN",
    "KČ": "CZK",
}


def currency(value: Any) -> str | None:
    """Return the ISO code of a code (``eur``) or of a sign; ``$`` and ``¥`` are many."""
    found = (words(value) or "").upper()
    if found in _CURRENCIES:
        return _CURRENCIES[found]
    if len(found) == 3 and found.isascii() and found.isalpha():
        return found
    return None


# The server's text times are UTC+8 in every sample (Q7)
DEFAULT_OFFSET = timedelta(hours=8)
# How far a clock may be ahead of ours
MAX_AHEAD = timedelta(minutes=10)
_STEP = timedelta(hours=8)
_STEPS = 2
_QUARTER = timedelta(minutes=15)
_FARTHEST = timedelta(hours=14)
_EPOCHS = (
    "calendar.timeInMillis",
    "calendar",
    "calendar.time.time",
    "time",
    "lastUpdateTime.time",
    "lastUpdateTime",
    "utcTime",
)
# Where a source notes when a record without a time of its own was true, ISO with zone
OBSERVED = "_observed_at"
# and the newest time that it found in what the device itself had sent, if any
RECORDED = "_recorded_at"
_TEXTS = ("time", "timeStr", "lastUpdateTimeText", "lastUpdateTime")
# Milliseconds since 1970 of a time in this century
_MILLISECONDS = range(946_684_800_000, 4_102_444_800_000)


def epoch(value: Any) -> datetime | None:
    """Return the instant of milliseconds since 1970, or of a Java date object."""
    if isinstance(value, Mapping):
        value = value.get("time", value.get("timeInMillis"))
    milliseconds = integer(value)
    if milliseconds is None or milliseconds not in _MILLISECONDS:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def _epoch_of(record: Wire) -> datetime | None:
    return next(
        (found for name in _EPOCHS if (found := epoch(at(record, name))) is not None),
        None,
    )


def _text_of(record: Wire) -> datetime | None:
    return next(
        (
            found
            for name in _TEXTS
            if (found := local_datetime(record.get(name))) is not None
        ),
        None,
    )


class ServerTime:
    """What zone the server's text times have, as learned from records with both."""

    def __init__(self) -> None:
        """Begin with the zone of every sample."""
        self.offset = DEFAULT_OFFSET

    def learn(self, records: Iterable[Wire]) -> None:
        """Take the offset of the first record with an epoch and a text."""
        for record in records:
            instant, local = _epoch_of(record), _text_of(record)
            if instant is None or local is None:
                continue
            away = local.replace(tzinfo=UTC) - instant
            offset = round(away / _QUARTER) * _QUARTER
            if abs(offset) <= _FARTHEST and abs(away - offset) < timedelta(minutes=2):
                self.offset = offset
                return

    def instant(self, record: Wire, now: datetime) -> datetime | None:
        """Return when a record was made, aware UTC; never of the future.

        What the source noted itself (``OBSERVED``) counts before all else.
        """
        if (noted := moment(record.get(OBSERVED))) is not None:
            return min(noted, now)
        found = _epoch_of(record)
        if found is None and (local := _text_of(record)) is not None:
            found = local.replace(tzinfo=UTC) - self.offset
        if found is None:
            return None
        for _ in range(_STEPS + 1):
            if found <= now + MAX_AHEAD:
                return min(found, now)
            found -= _STEP
        return None

    def recorded(self, record: Wire, now: datetime) -> datetime | None:
        """Return the time that the device gave a record; None for our own clock's.

        One that is not over yet by our clock is no proof of anything either.
        """
        found = (
            moment(record.get(RECORDED))
            if OBSERVED in record
            else self.instant(record, now)
        )
        return found if found is not None and found < now else None


def slot_time(
    keys: Iterable[str], day: Any, zone: tzinfo, now: datetime
) -> datetime | None:
    """Return the newest ``HH:MM`` of a chart of a plant-local day (Q8), aware UTC.

    ``keys`` are those of slots with values. What lies ahead is of yesterday, or None.
    """
    newest: datetime | None = None
    for key in keys:
        local = local_datetime(f"{day} {key}")
        if local is None:
            continue
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if moment <= now + MAX_AHEAD and (newest is None or moment > newest):
            newest = moment
    return min(newest, now) if newest is not None else None
