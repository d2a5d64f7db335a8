"""What follows from points: net powers of devices and of the plant (section 9.1).

Plant-level powers are null on many hybrids (section 10.6), so they come from the
devices' points where the reference says so. Null stays null: nothing is added up of
parts that nobody knows, and no counter is made of a power.
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._vendor.core.ha.preference import first
from .chains import BATTERY, HYBRID, INVERTER, METER, MICRO, Known, chained
from .points import PLANT_TYPE, Kind, table
from .readings import DeviceLive, Value
from .signs import Flow, learn, sign

_CLUSTER, _CONTROLLER = 44, 52
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Derived:
    """A value of a device that no point gives; the rest is as in ``Point``."""

    key: str
    kind: Kind
    make: Callable[[Mapping[str, Value]], float | None]
    default: bool = False
    diagnostic: bool = False


def _number(values: Mapping[str, Value], key: str) -> float | None:
    value = values.get(key)
    return value if isinstance(value, int | float) else None


def _product(key: str, one: str, other: str) -> Derived:
    def make(values: Mapping[str, Value]) -> float | None:
        first_one, second = _number(values, one), _number(values, other)
        if first_one is None or second is None:
            return None
        return round(first_one * second, _DIGITS) + 0.0  # never -0.0

    return Derived(key, Kind.POWER, make)


def _spread(values: Mapping[str, Value]) -> float | None:
    high = _number(values, "cell_voltage_max")
    low = _number(values, "cell_voltage_min")
    return None if high is None or low is None else round(high - low, _DIGITS)


def _trackers(count: int) -> tuple[Derived, ...]:
    return tuple(
        _product(f"mppt{n}_power", f"mppt{n}_voltage", f"mppt{n}_current")
        for n in range(1, count + 1)
    )


_CELLS = Derived("cell_voltage_spread", Kind.CELL_VOLTAGE, _spread, diagnostic=True)
_BATTERY_POWER = _product("power", "voltage", "current")
DERIVED: Mapping[int, tuple[Derived, ...]] = {
    INVERTER: _trackers(20),
    HYBRID: _trackers(4),
    BATTERY: (_BATTERY_POWER, _CELLS),
    _CLUSTER: (_BATTERY_POWER, _CELLS),
    _CONTROLLER: (_CELLS,),
}
PLANT_KEYS: Mapping[str, Kind] = {
    "grid_power": Kind.POWER,
    "grid_import_power": Kind.POWER,
    "grid_export_power": Kind.POWER,
    "battery_power": Kind.POWER,
    "battery_charge_power": Kind.POWER,
    "battery_discharge_power": Kind.POWER,
    "self_consumption_rate": Kind.FRACTION,
    "self_sufficiency_rate": Kind.FRACTION,
}


def device_values(device_type: int, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values of a device with those that follow from them."""
    found = dict(values)
    for item in DERIVED.get(device_type, ()):
        if (value := item.make(values)) is not None:
            found[item.key] = value
    return found


def plant_values(known: Known, memory: MutableMapping[str, Any]) -> dict[str, Value]:
    """Return the values of a plant by the keys of section 9.1.

    Args:
        known: its own points, not guarded, and samples with guarded counters
        memory: what is remembered of the plant, plain JSON, changed in place

    Its counters are to be guarded by the caller as of ``preference.said_at``. Of what
    is not fresh only counters stand. What nobody knows is missing.
    """
    return _Plant(known, memory).all()


class _Plant:
    """One plant at one moment."""

    def __init__(self, known: Known, memory: MutableMapping[str, Any]) -> None:
        self._known, self._memory = known, memory
        self._values: Mapping[str, Value] = (
            known.plant.values if known.plant and known.plant_fresh else {}
        )
        self._devices: dict[int, list[DeviceLive]] = {}
        for device in known.devices:
            self._devices.setdefault(device.type, []).append(device)
        self._asleep = {device.type for device in known.asleep}

    def all(self) -> dict[str, Value]:
        """Work everything out."""
        grid, battery = self._grid(), self._battery()
        pv = first((*self._own("pv_power", "pv_power_ems"), self._solar()))
        load = first(
            (
                *self._own("load_power", "load_power_meter", "load_power_ems"),
                self._sum("load_power", HYBRID),
            )
        )
        learn(self._memory, pv=pv, load=load, battery=battery, grid=grid)
        bought, sold = self._ways(grid, "purchased_power", "feed_in_power")
        discharged, charged = self._ways(
            battery, "battery_discharge_power", "battery_charge_power"
        )
        found = {
            **self._standing(),
            **self._values,
            "pv_power": _positive(pv),
            "load_power": _positive(load),
            "grid_power": self._value(grid),
            "grid_import_power": bought,
            "grid_export_power": sold,
            "battery_power": self._value(battery),
            "battery_discharge_power": discharged,
            "battery_charge_power": charged,
            "battery_soc": self._soc(),
            "battery_remaining_energy": first(
                self._own("battery_remaining_energy", "battery_remaining_energy_ems")
            ),
            "self_consumption_rate": self._only("self_consumption_rate", HYBRID),
            "self_sufficiency_rate": self._only("self_sufficiency_rate", HYBRID),
            **chained(self._known, self._memory),
        }
        return {
            key: value + 0.0 if isinstance(value, float) else value  # never -0.0
            for key, value in found.items()
            if value is not None
        }

    def _own(self, *keys: str) -> list[float | None]:
        return [_number(self._values, key) for key in keys]

    def _each(self, key: str, *types: int) -> list[float]:
        return [
            value
            for kind in types
            for device in self._devices.get(kind, ())
            if (value := device.number(key)) is not None
        ]

    def _sum(self, key: str, *types: int) -> float | None:
        """Add up what is known; None if nothing is."""
        return _total(self._each(key, *types))

    def _only(self, key: str, kind: int) -> float | None:
        """Return the value of the only device of a type; one that sleeps counts too."""
        devices = self._devices.get(kind, ())
        if len(devices) != 1 or kind in self._asleep:
            return None
        return devices[0].number(key)

    def _solar(self) -> float | None:
        return _total(
            [
                *self._each("dc_power", HYBRID),
                *self._each("active_power", INVERTER, MICRO),
            ]
        )

    def _net(self, plus: str, minus: str) -> float | None:
        """Add up what the hybrids say in two unsigned powers."""
        nets = (
            _difference(device.number(plus), device.number(minus))
            for device in self._devices.get(HYBRID, ())
        )
        return _total([net for net in nets if net is not None])

    def _grid(self) -> Flow:
        for value in (
            self._net("purchased_power", "feed_in_power"),
            self._only("active_power", METER),
        ):
            if value is not None:
                return Flow(value)
        return self._unsure("grid_active_power", "grid_power_ems")

    def _battery(self) -> Flow:
        for value in (
            self._net("battery_discharge_power", "battery_charge_power"),
            self._sum("power", BATTERY),
        ):
            if value is not None:
                return Flow(value)
        return self._unsure("storage_power", "battery_power_ems")

    def _unsure(self, *keys: str) -> Flow:
        for key in keys:
            if (value := _number(self._values, key)) is not None:
                return Flow(value, key)
        return Flow(None)

    def _value(self, flow: Flow) -> float | None:
        if flow.value is None or flow.source is None:
            return flow.value
        return flow.value * sign(self._memory, flow.source)

    def _ways(
        self, flow: Flow, plus: str, minus: str
    ) -> tuple[float | None, float | None]:
        """Return a flow's two directions, neither of which is negative."""
        if (net := self._value(flow)) is None:
            return None, None
        there, back = self._sum(plus, HYBRID), self._sum(minus, HYBRID)
        if there is not None and back is not None:
            return max(there, 0.0), max(back, 0.0)
        return max(net, 0.0), max(-net, 0.0)

    def _soc(self) -> float | None:
        return first(
            (
                *self._own("battery_soc", "plant_soc", "storage_soc", "soc_ems"),
                _mean(self._each("battery_soc", HYBRID)),
                _mean(self._each("soc", BATTERY)),
            )
        )

    def _standing(self) -> dict[str, Value]:
        """Return the plant's own counters, which stand also while it sends nothing."""
        if self._known.plant is None:
            return {}
        counted = {point.key for point in table(PLANT_TYPE) if point.span is not None}
        values = self._known.plant.values
        return {key: values[key] for key in counted & values.keys()}


def _total(values: Sequence[float]) -> float | None:
    return round(sum(values), _DIGITS) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), _DIGITS) if values else None


def _difference(plus: float | None, minus: float | None) -> float | None:
    """Return the net of two unsigned powers; one alone tells it unless it is zero."""
    if plus is not None and minus is not None:
        return plus - minus
    if plus:
        return plus
    return -minus if minus else None


def _positive(value: float | None) -> float | None:
    return None if value is None else max(value, 0.0)
