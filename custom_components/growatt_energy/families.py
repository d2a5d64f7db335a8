"""The device families and their names in the three APIs (reference section 3.A).

``device/list.type``, ``deviceType`` of v4 and ``deviceType`` of the classic API are the
only values to route on: ``deviceType`` inside a record is another enumeration.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ._vendor.core.client.decode import integer, text


class Family(StrEnum):
    """What a device is."""

    INVERTER = "inverter"
    STORAGE = "storage"
    METER = "meter"
    MAX = "max"
    SPH = "sph"
    SPA = "spa"
    MIN = "min"
    WIT = "wit"
    SPH_S = "sph_s"
    NOAH = "noah"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How a family is called.

    Attributes:
        v1_type: ``type`` in ``device/list``; None where V1 does not know it.
        v1_group: The path part of V1, as in ``device/<group>/…``.
        serial_param: Name of the serial in V1 last data, history, alarms and writes.
        many_param: Name of the serials in the V1 request for many devices.
        v4_type: ``deviceType`` of v4.
        classic_type: ``deviceType`` of the classic device list.
        battery: Whether devices of it may have a battery.
    """

    v1_type: int | None = None
    v1_group: str | None = None
    serial_param: str | None = None
    many_param: str | None = None
    v4_type: str | None = None
    classic_type: str | None = None
    battery: bool = True


FACTS = {
    Family.INVERTER: Facts(
        v1_type=1,
        v1_group="inverter",
        serial_param="device_sn",
        many_param="inverters",
        v4_type="inv",
        classic_type="inverter",
        battery=False,
    ),
    Family.STORAGE: Facts(
        v1_type=2,
        v1_group="storage",
        serial_param="storage_sn",
        v4_type="storage",
        classic_type="storage",
    ),
    Family.METER: Facts(v1_type=3, v1_group="ammeter", battery=False),
    Family.MAX: Facts(
        v1_type=4,
        v1_group="max",
        serial_param="max_sn",
        many_param="maxs",
        v4_type="max",
        classic_type="max",
        battery=False,
    ),
    Family.SPH: Facts(
        v1_type=5,
        v1_group="mix",
        serial_param="mix_sn",
        many_param="mixs",
        v4_type="sph",
        classic_type="mix",
    ),
    Family.SPA: Facts(
        v1_type=6,
        v1_group="spa",
        serial_param="spa_sn",
        many_param="spas",
        v4_type="spa",
        classic_type="spa",
    ),
    Family.MIN: Facts(
        v1_type=7,
        v1_group="tlx",
        serial_param="tlx_sn",
        many_param="tlxs",
        v4_type="min",
        classic_type="tlx",
    ),
    Family.WIT: Facts(v4_type="wit", classic_type="wit"),
    Family.SPH_S: Facts(v4_type="sph-s"),
    Family.NOAH: Facts(v4_type="noah", classic_type="noah"),
}

_V1 = {facts.v1_type: family for family, facts in FACTS.items() if facts.v1_type}
_V4 = {facts.v4_type: family for family, facts in FACTS.items() if facts.v4_type}
# Other spellings that were seen in classic lists
_CLASSIC = {
    facts.classic_type: family
    for family, facts in FACTS.items()
    if facts.classic_type is not None
} | {
    "min": Family.MIN,
    "sph": Family.SPH,
    "inv": Family.INVERTER,
    "nexa": Family.NOAH,
    "meter": Family.METER,
}


def from_v1(code: Any) -> Family | None:
    """Return the family of a ``type`` of ``device/list``; None if it is not served."""
    return _V1.get(integer(code) or 0)


def from_v4(name: Any) -> Family | None:
    """Return the family of a ``deviceType`` of v4; None if nobody knows it."""
    return _V4.get((text(name) or "").lower())


def from_classic(name: Any) -> Family | None:
    """Return the family of a ``deviceType`` of the classic list; None if unknown."""
    return _CLASSIC.get((text(name) or "").lower())
