"""What tests can make the cloud do; plain attributes are switches."""

from dataclasses import dataclass, field
from typing import Literal

from ..switches import Kind

type SuccessCode = Literal["00000", "0", 0]


@dataclass(slots=True, kw_only=True)
class WireSwitches:
    """The frame of all calls (reference sections 3 and 4)."""

    success_code: SuccessCode = "00000"
    texts_at: Literal["description", "msg", "errorMsg"] = "description"
    """Which field of an error has the text."""
    refusal: str | None = None
    """A code that every business call is answered with."""
    refusals: int = 0
    """How many more calls `refusal` holds for; 0 is without end."""
    empty: set[str] = field(default_factory=set)
    """Globs of endpoints that succeed without data."""
    empty_as: Literal["null", "object", "list", "absent"] = "null"
    absent: set[str] = field(default_factory=set)
    """Globs of endpoints that are not there: HTTP 404."""
    forbidden: set[str] = field(default_factory=set)
    """Globs of endpoints without permission: 100025."""
    latency: float = 0.0
    """Seconds that each business call takes, by the event loop's clock."""


@dataclass(slots=True, kw_only=True)
class CloudSwitches:
    """Habits of stations and devices; both ways of what the reference calls uncertain.

    Sections of the reference in brackets.
    """

    refresh_seconds: float = 60.0
    """How often a station uploads (5)."""
    numbers: Literal["usual", "text", "number"] = "usual"
    """`usual`: of factors text, else numbers (3)."""
    null_spelling: Literal["null", "", "--", "missing", "mixed"] = "null"
    """How a value that is not there is said (3)."""
    night: Literal["values", "lacking", "empty"] = "values"
    """Flow without sun: zeros, without `pSystem` and `pAc`, or `{}` (3.3)."""
    flow_signs: Literal["signed", "unsigned"] = "signed"
    flows: bool = True
    """Whether a signed flow lists its directions too."""
    signed_load: bool = False
    """`pConsum` is negative, unless all are unsigned (3.3)."""
    sentinels: bool = False
    """Phases that are not there read 6553.5 and the like (10.8)."""
    late_midnight: float = 0.0
    """Seconds after midnight for which period counters show the day before (10.1)."""
    midnight_zero: bool = False
    """Meanwhile lifetime counters are 0."""
    zone: Literal["both", "zoneId", "timeZone", "none"] = "both"
    missing_series: set[str] = field(default_factory=set)
    """Items of statistics that are not reported."""
    most_days: int = 31
    """Longer ranges of days are answered without points (7: uncertain)."""
    multi_year: Literal["zero", "values"] = "zero"
    """Several calendar years in one request (3.10)."""
    series_as: Literal["powerData", "statisticsList"] = "powerData"
    series_nulls: int = 0
    """Every so many-th power of a series is null; 0 is none."""
    battery_listed: bool = False
    """The device list has the battery systems too."""
    unknown_device: bool = False
    """The device list has a device of a type that nobody knows."""
    id_name: Literal["id", "stationId", "plantId", "powerStationId"] = "id"
    """Of stations in the list."""
    status_as: Literal["usual", "number", "text"] = "usual"
    chinese: bool = False
    """Names of devices are Chinese (10.14)."""


@dataclass(slots=True, kw_only=True)
class DeviceSwitches:
    """Quirks of one device."""

    online: bool = True
    """False: status 0 and no telemetry."""
    status: str | None = None
    """A status code in place of the device's own."""
    lost: bool = False
    """It is in no list any more."""
    telemetry: Literal["full", "empty"] = "full"
    """Empty: success without factors, though it is online."""


WIRE: dict[str, Kind] = {
    "success_code": ("00000", "0", 0),
    "texts_at": ("description", "msg", "errorMsg"),
    "refusal": str,
    "refusals": int,
    "empty": set,
    "empty_as": ("null", "object", "list", "absent"),
    "absent": set,
    "forbidden": set,
    "latency": float,
}
SESSION: dict[str, Kind] = {
    "login_as": (
        None,
        "agreement",
        *("100004", "100005", "A0210", "C0602", "100000", "GY0429", "429"),
    ),
    "logins_refused": int,
    "retry_after": float,
    "wrong_password_as": ("100005", "A0210"),
    "lock_after": int,
    "lock_seconds": float,
    "api_at": ("data", "top", "both", "none"),
    "api": str,
    "timestamp_as": ("text", "number"),
    "replaces": bool,
    "replaced_as": ("C0602", "100002", "100001"),
    "token_seconds": float,
    "most_drift_seconds": float,
    "latency": float,
}
CLOUD: dict[str, Kind] = {
    "refresh_seconds": float,
    "numbers": ("usual", "text", "number"),
    "null_spelling": ("null", "", "--", "missing", "mixed"),
    "night": ("values", "lacking", "empty"),
    "flow_signs": ("signed", "unsigned"),
    "flows": bool,
    "signed_load": bool,
    "sentinels": bool,
    "late_midnight": float,
    "midnight_zero": bool,
    "zone": ("both", "zoneId", "timeZone", "none"),
    "missing_series": set,
    "most_days": int,
    "multi_year": ("zero", "values"),
    "series_as": ("powerData", "statisticsList"),
    "series_nulls": int,
    "battery_listed": bool,
    "unknown_device": bool,
    "id_name": ("id", "stationId", "plantId", "powerStationId"),
    "status_as": ("usual", "number", "text"),
    "chinese": bool,
}
DEVICE: dict[str, Kind] = {
    "online": bool,
    "status": str,
    "lost": bool,
    "telemetry": ("full", "empty"),
}
