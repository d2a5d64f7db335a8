"""What is in the battery, in Wh, and which of its numbers to trust (reference 3.9.2)."""

from dataclasses import dataclass

from .api.models import BatteryInfo, Configurations, Latest

# The hidden reserve at the bottom where the battery does not tell it, percent
DEFAULT_HIDDEN = 7.0
_MOST_HIDDEN = 50.0
_MOST_HEALTH = 110.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """Wh and percent; ``None`` where something that is needed is not known.

    Attributes:
        full: All that fits in, with the hidden reserve.
        usable_full: All that the battery gives: what ``USOC`` is a share of.
        installed: The nominal capacity of the modules.
        health: ``full`` as a share of ``installed``, %, at most 110.
        hidden_share: What ``RSOC`` is when ``USOC`` is 0, %.
        unusable: The hidden reserve.
        remaining: What is in, with the hidden reserve, from ``RSOC``.
        remaining_ah: The same from the battery's Ah; from ``RSOC`` without them.
        usable: What is in above the hidden reserve, from ``USOC``.
        usable_ah: The same from the battery's Ah.
        used: What of ``usable_full`` is gone.
        reserve: The backup reserve that is set.
        until_reserve: What is above the reserve; None below it.
        to_reserve: What is missing to it; None above it.
    """

    full: float | None = None
    usable_full: float | None = None
    installed: float | None = None
    health: float | None = None
    hidden_share: float = DEFAULT_HIDDEN
    unusable: float | None = None
    remaining: float | None = None
    remaining_ah: float | None = None
    usable: float | None = None
    usable_ah: float | None = None
    used: float | None = None
    reserve: float | None = None
    until_reserve: float | None = None
    to_reserve: float | None = None


def capacity(
    *,
    usable_soc: float | None,
    real_soc: float | None,
    reserve: float | None,
    latest: Latest,
    battery: BatteryInfo,
    configurations: Configurations,
    charge: BatteryInfo | None = None,
) -> Capacity:
    """Return the capacities for these shares in percent.

    What fits in does not get old; ``charge`` is the battery's newest word on what is
    in it, ``battery`` itself if there is no other.
    """
    charge = battery if charge is None else charge
    installed = configurations.installed_capacity
    measured = measured_full(battery)
    told = latest.full_capacity
    full, usable_full = full_capacities(measured, installed, told)
    hidden = hidden_share(battery)
    remaining, usable = share(full, real_soc), share(usable_full, usable_soc)
    above = None
    if usable_soc is not None and reserve is not None:
        above = usable_soc - reserve
    return Capacity(
        full=full,
        usable_full=usable_full,
        installed=installed,
        health=health(measured, installed),
        hidden_share=hidden,
        unusable=share(full, hidden),
        remaining=remaining,
        remaining_ah=_first(_watt_hours(charge, "remaining_ah"), remaining),
        usable=usable,
        usable_ah=_watt_hours(charge, "usable_ah"),
        used=(
            None
            if usable_full is None or usable is None
            else max(0.0, round(usable_full - usable, 1))
        ),
        reserve=share(usable_full, reserve),
        until_reserve=_distance(usable_full, above),
        to_reserve=_distance(usable_full, None if above is None else -above),
    )


def measured_full(battery: BatteryInfo) -> float | None:
    """Return the full capacity that the battery measured, Wh."""
    if battery.full_wh:
        return round(battery.full_wh, 2)
    # The Ah are referred to one module's voltage, not to the stack's.
    if battery.full_ah and battery.nominal_voltage:
        return round(battery.full_ah * battery.nominal_voltage, 2)
    return None


def full_capacities(
    measured: float | None, installed: float | None, told: float | None
) -> tuple[float | None, float | None]:
    """Return the full and the usable full capacity, Wh.

    ``told`` is ``FullChargeCapacity``, of which some firmware sends ten times the
    value: it only counts if it fits to what else is known.
    """
    known = measured or installed
    told = round(told, 2) if told else None
    if told is not None and known is not None and not 0.5 <= told / known <= 1.5:
        told = None
    return known or told, told or known


def hidden_share(battery: BatteryInfo) -> float:
    """Return the depth-of-discharge limit in percent (3.9.1)."""
    if not battery.full_ah:
        return DEFAULT_HIDDEN
    if battery.remaining_ah is None or battery.usable_ah is None:
        return DEFAULT_HIDDEN
    hidden = battery.remaining_ah - battery.usable_ah
    percent = float(round(round(hidden / battery.full_ah, 2) * 100))
    return percent if 0 <= percent <= _MOST_HIDDEN else DEFAULT_HIDDEN


def health(measured: float | None, installed: float | None) -> float | None:
    """Return the measured capacity as percent of the nominal one, at most 110."""
    if measured is None or not installed:
        return None
    return round(min(_MOST_HEALTH, measured / installed * 100), 1)


def share(whole: float | None, percent: float | None) -> float | None:
    """Return so many percent, to 0.1."""
    if whole is None or percent is None:
        return None
    return round(whole * percent / 100, 1)


def _distance(whole: float | None, percent: float | None) -> float | None:
    """Return the Wh of a share, None for a negative one."""
    return share(whole, percent) if percent is not None and percent >= 0 else None


def _watt_hours(battery: BatteryInfo, name: str) -> float | None:
    if not battery.nominal_voltage:
        return None
    ampere_hours: float | None = getattr(battery, name)
    if ampere_hours is None:
        return None
    return round(ampere_hours * battery.nominal_voltage, 1)


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
