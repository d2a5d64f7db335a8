"""The sums of a plant (reference section 9.1), from the parts of either mode.

Token: ``data`` (plant/data), ``power`` (plant/power), ``list`` (its row of plant/list).
Login: ``info`` (plant_info), ``energy`` (getUserCenterEnertyDataByPlantid), ``settings``
(getPlant).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ._vendor.core.client.decode import integer, local_datetime, mapping, mappings
from .inventory_wire import offset_of, zone_of
from .readings import PlantReading, Value
from .resolve import MAX_AHEAD, Kind, Wire, at, currency, money, quantity

# Newest slot of the power curve that still counts as now (section 3.A)
SLOT_MAX_AGE = timedelta(minutes=10)
# plant/data.current_power is kW; beyond this share of the peak it must be W
_TOO_MUCH = 3.0
_KILO = 1000.0
_ENERGIES = {
    "energy_today": ("data.today_energy", "info.todayEnergy", "energy.todayValue"),
    "energy_month": ("data.monthly_energy", "energy.monthValue"),
    "energy_year": ("data.yearly_energy",),
    "energy_total": ("data.total_energy", "info.totalEnergy", "energy.totalValue"),
}


def plant(raw: Wire, received_at: datetime) -> PlantReading:
    """Decode the parts that are there."""
    peak = _peak_power(raw)
    values: dict[str, Value] = {
        key: _first(raw, names, Kind.ENERGY) for key, names in _ENERGIES.items()
    }
    today, sign = money(at(raw, "info.plantMoneyText"))
    told = at(raw, "info.totalMoneyText")
    values |= {
        "output_power": _output_power(raw, peak, received_at),
        "peak_power": peak,
        "money_today": today,
        "money_total": money(told)[0],
        "co2_reduction": _first(
            raw, ("data.carbon_offset", "info.Co2Reduction"), Kind.MASS
        ),
        "efficiency": _first(raw, ("data.efficiency",), Kind.PERCENT),
    }
    return PlantReading(
        observed_at=received_at,
        values={key: value for key, value in values.items() if value is not None},
        currency=currency(at(raw, "list.currency"))
        or currency(at(raw, "settings.formulaMoneyUnitId"))
        or currency(sign),
        last_update=_last_update(mapping(raw.get("data")), received_at),
        online=_online(raw),
        zone=zone_of(at(raw, "data.timezone")) or zone_of(at(raw, "settings.timezone")),
    )


def _first(raw: Wire, names: tuple[str, ...], kind: Kind) -> float | None:
    return next(
        (
            value
            for name in names
            if (value := quantity(at(raw, name), kind)) is not None
        ),
        None,
    )


def _peak_power(raw: Wire) -> float | None:
    """Return W; the token APIs have kWp, the classic one W."""
    for name in ("data.peak_power_actual", "list.peak_power"):
        if value := quantity(at(raw, name), Kind.PLANT_POWER, _KILO):
            return value
    return (
        _first(
            raw,
            ("info.nominalPower", "info.nominal_Power", "settings.nominalPower"),
            Kind.PLANT_POWER,
        )
        or None
    )


def _output_power(raw: Wire, peak: float | None, now: datetime) -> float | None:
    """Return W: the curve knows it best (Q27), ``plant/data`` has kW (Q6)."""
    if (found := _newest_slot(raw, now)) is not None:
        return found
    if (
        watts := quantity(at(raw, "data.current_power"), Kind.PLANT_POWER, _KILO)
    ) is not None:
        too_much = peak is not None and watts > _TOO_MUCH * peak
        return round(watts / _KILO, 1) if too_much else watts
    return quantity(at(raw, "info.invTodayPpv"), Kind.PLANT_POWER)


def _newest_slot(raw: Wire, now: datetime) -> float | None:
    """Return the newest power of the curve that is not old, in whatever order."""
    offset = offset_of(at(raw, "data.timezone"))
    if offset is None:
        return None
    newest: tuple[datetime, float] | None = None
    for slot in mappings(at(raw, "power.powers")):
        local = local_datetime(slot.get("time"))
        power = quantity(slot.get("power"), Kind.PLANT_POWER)
        if local is None or power is None:
            continue
        moment = local.replace(tzinfo=UTC) - offset
        if now - SLOT_MAX_AGE <= moment <= now and (
            newest is None or moment > newest[0]
        ):
            newest = moment, power
    return newest[1] if newest is not None else None


def _last_update(data: Mapping[str, Any], now: datetime) -> datetime | None:
    local = local_datetime(data.get("last_update_time"))
    offset = offset_of(data.get("timezone"))
    if local is None or offset is None:
        return None
    found = local.replace(tzinfo=UTC) - offset
    return min(found, now) if found <= now + MAX_AHEAD else None


def _online(raw: Wire) -> bool | None:
    status = integer(at(raw, "list.status"))
    return status == 1 if status is not None else None
