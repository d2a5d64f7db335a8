"""What the registers of a site's meter counted, by NEM day."""

from datetime import date
from functools import lru_cache

from ..load import load_day
from ..noise import dice
from ..spec import HouseSpec
from ..sun import solar_day
from .nem import DAY, SLOT_MINUTES, first_slot
from .sites import Channel, Site

_UTC_DAY = 1440
_SLOTS_PER_HOUR = 12
_WATER_KWH = 3.6 / _SLOTS_PER_HOUR
_SECOND_REGISTER = 0.2


def metered(site: Site, channel: Channel, day: date) -> tuple[float, ...]:
    """Return the energy in kWh (from 0) of each slot of a NEM day.

    The first general register has what the house draws beyond its solar power and the
    feed-in register what is left over; other general registers have some of the load.
    """
    if channel.type == "controlledLoad":
        return _hot_water(site.spec.seed, day)
    net = _net(site.spec, day)
    if channel.type == "feedIn":
        return tuple(max(-kwh, 0.0) for kwh in net)
    if channel is next(each for each in site.channels if each.type == "general"):
        return tuple(max(kwh, 0.0) for kwh in net)
    return _granny_flat(site.spec, day)


@lru_cache(maxsize=512)
def _granny_flat(spec: HouseSpec, day: date) -> tuple[float, ...]:
    return tuple(
        _SECOND_REGISTER * sum(_load(spec, minute)) for minute in _minutes(day)
    )


@lru_cache(maxsize=512)
def _net(spec: HouseSpec, day: date) -> tuple[float, ...]:
    return tuple(
        sum(_load(spec, minute)) - sum(_solar(spec, minute)) for minute in _minutes(day)
    )


def _minutes(day: date) -> range:
    first = first_slot(day) * SLOT_MINUTES
    return range(first, first + DAY * SLOT_MINUTES, SLOT_MINUTES)


def _load(spec: HouseSpec, minute: int) -> list[float]:
    """Return the kWh of each minute of the slot that begins there."""
    day, first = divmod(minute, _UTC_DAY)
    return [
        watts / 60_000 for watts in load_day(spec, day)[first : first + SLOT_MINUTES]
    ]


def _solar(spec: HouseSpec, minute: int) -> list[float]:
    day, first = divmod(minute, _UTC_DAY)
    return [
        min(watts, spec.inverter_limit_w) / 60_000
        for watts in solar_day(spec, day)[first : first + SLOT_MINUTES]
    ]


@lru_cache(maxsize=512)
def _hot_water(seed: int, day: date) -> tuple[float, ...]:
    """Return the heating of a tank in the night."""
    draw = dice(seed, "hot water", day.toordinal())
    first = draw.randrange(3, 30)
    end = first + draw.randrange(12, 30)
    return tuple(_WATER_KWH if first <= slot < end else 0.0 for slot in range(DAY))
