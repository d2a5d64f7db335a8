"""Groups of settings that go into one request (reference sections 6.4 and 6.5).

Every value of a group is sent with each write. So one that is unknown refuses it: it is
never made up, nor taken from a similar setting (Q1).

Keys: ``charge.power`` and ``charge.stop_soc`` in percent, ``charge.ac`` (charge from the
grid), ``charge.period1`` ... ``charge.period3``; the same with ``discharge``, and
``load_first.period1`` ... for the times in which nothing is discharged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._vendor.core.client.decode import flag, integer
from .._vendor.core.client.errors import BadDataError
from .._vendor.core.control.intent import Value, Values
from .period import Period, from_value, from_wire, to_wire

CHARGE, DISCHARGE, LOAD_FIRST = "charge", "discharge", "load_first"
POWER, STOP_SOC, AC = "power", "stop_soc", "ac"
SLOTS = (1, 2, 3)
# Larger models have more, which these requests leave alone; nor do we write them.
_MORE_SLOTS = (4, 5, 6)
# Spellings of "the device does not have it" (section 3.0)
_NOTHING = frozenset({"", "null", '"null"', "--", "-", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One request: its type and what is in it, by the names with which it reads.

    Attributes:
        side: The first part of its keys.
        type_: ``type`` of the write.
        heads: What comes before the periods, with the names to look for in order.
        start, stop, enabled: Names of times and flags, without their number.
    """

    side: str
    type_: str
    heads: Mapping[str, tuple[str, ...]]
    start: str
    stop: str
    enabled: str

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, in the order of the parameters."""
        return (
            *(f"{self.side}.{head}" for head in self.heads),
            *(period_key(self.side, slot) for slot in SLOTS),
        )

    def read(self, raw: Mapping[str, Any]) -> dict[str, Value]:
        """Return what is known of it by key; what is not is left out."""
        values: dict[str, Value] = {}
        for head, names in self.heads.items():
            found = _first(raw, names)
            value = flag(found) if head == AC else integer(found, low=0, high=100)
            if value is not None:
                values[f"{self.side}.{head}"] = value
        for slot in (*SLOTS, *_MORE_SLOTS):
            period = from_wire(
                raw.get(f"{self.start}{slot}"),
                raw.get(f"{self.stop}{slot}"),
                raw.get(f"{self.enabled}{slot}"),
            )
            if period is not None:
                values[period_key(self.side, slot)] = str(period)
        return values

    def unknown(self, values: Values) -> list[str]:
        """Return the keys of which nothing is known: without them it cannot be sent."""
        return [key for key in self.keys if self._encoded(key, values) is None]

    def params(self, values: Values, *, padded: bool) -> list[str]:
        """Return all parameters in order, times with two digits if ``padded``.

        Raises ``BadDataError`` (``settings_incomplete``) if one is unknown.
        """
        found: list[str] = []
        for key in self.keys:
            encoded = self._encoded(key, values, padded=padded)
            if encoded is None:
                raise BadDataError(f"{key} is unknown", reason="settings_incomplete")
            found += encoded
        return found

    def _encoded(
        self, key: str, values: Values, *, padded: bool = False
    ) -> list[str] | None:
        value = values.get(key)
        if is_period(key):
            period = from_value(value)
            return None if period is None else to_wire(period, padded=padded)
        return [str(int(value))] if isinstance(value, int) else None


def period_key(side: str, slot: int) -> str:
    """Return the key of a period."""
    return f"{side}.period{slot}"


def is_period(key: str) -> bool:
    """Return whether a key is that of a period."""
    return ".period" in key


def side_of(key: str) -> str:
    """Return the side of a key."""
    return key.partition(".")[0]


def periods(values: Values, side: str) -> dict[int, Period]:
    """Return the periods of a side that can be written, as far as they are known."""
    return _periods(values, side, SLOTS)


def fixed(values: Values, side: str) -> dict[int, Period]:
    """Return the periods of a side that can only be read."""
    return _periods(values, side, _MORE_SLOTS)


def _periods(values: Values, side: str, slots: Sequence[int]) -> dict[int, Period]:
    return {
        slot: period
        for slot in slots
        if (period := from_value(values.get(period_key(side, slot)))) is not None
    }


def _first(raw: Mapping[str, Any], names: Iterable[str]) -> Any:
    """Return the first that the device has; one that cannot be read is not skipped."""
    for name in names:
        value = raw.get(name)
        if value is not None and str(value).strip().lower() not in _NOTHING:
            return value
    return None


def _limits(name: str) -> tuple[str, ...]:
    """Return the names of a stop SoC: that of the mode comes before the others (Q1)."""
    return f"{name}2", name, f"{name}1"


_CHARGE_HEADS = {
    POWER: ("chargePowerCommand",),
    STOP_SOC: _limits("wchargeSOCLowLimit"),
}
_DISCHARGE_HEADS = {
    POWER: ("disChargePowerCommand",),
    STOP_SOC: _limits("wdisChargeSOCLowLimit"),
}
_AC_HEAD = {AC: ("acChargeEnable",)}
_CHARGE_TIMES = {"start": "forcedChargeTimeStart", "stop": "forcedChargeTimeStop"}
_DISCHARGE_TIMES = {
    "start": "forcedDischargeTimeStart",
    "stop": "forcedDischargeTimeStop",
}

SPH = (
    Group(
        side=DISCHARGE,
        type_="mix_ac_discharge_time_period",
        heads=_DISCHARGE_HEADS,
        enabled="forcedDischargeStopSwitch",
        **_DISCHARGE_TIMES,
    ),
    Group(
        side=CHARGE,
        type_="mix_ac_charge_time_period",
        heads=_CHARGE_HEADS | _AC_HEAD,
        enabled="forcedChargeStopSwitch",
        **_CHARGE_TIMES,
    ),
)


def spa(*, mains_flag: bool) -> tuple[Group, ...]:
    """Return the groups of SPA: V1 names a mains flag that the app does not send (6.5)."""
    return (
        Group(
            side=LOAD_FIRST,
            type_="spa_load_flast",
            heads={},
            start="loadFirstStartTime",
            stop="loadFirstStopTime",
            enabled="loadFirstSwitch",
        ),
        Group(
            side=DISCHARGE,
            type_="spa_ac_discharge_time_period",
            heads=_DISCHARGE_HEADS,
            enabled="gridFirstSwitch",
            **_DISCHARGE_TIMES,
        ),
        Group(
            side=CHARGE,
            type_="spa_ac_charge_time_period",
            heads=_CHARGE_HEADS | (_AC_HEAD if mains_flag else {}),
            enabled="batFirstSwitch",
            **_CHARGE_TIMES,
        ),
    )
