"""Weather: points of meteo stations (type 5), and what inverters feel of it."""

import math

from .value import Point, Sample, now, plain

_PANEL_EFFICIENCY = 0.82


def irradiance(sample: Sample) -> float:
    """Return the sun on the panels in W/m²."""
    peak = sample.home.spec.pv_peak_w
    return sample.live.pv_w / peak * 1000 / _PANEL_EFFICIENCY


def air(sample: Sample) -> float:
    """Return the ambient temperature in °C: coldest at three in the morning."""
    hour = sample.plant.local(sample.shot.at).hour
    return 12.0 - 5.0 * math.cos((hour - 3) / 24 * 2 * math.pi)


def panel(sample: Sample) -> float:
    """Return the temperature of the modules in °C."""
    return air(sample) + irradiance(sample) * 0.03


def _yield_hours(sample: Sample) -> float:
    return sample.shot.today.solar_wh / sample.home.spec.pv_peak_w


def _all_hours(sample: Sample) -> float:
    return sample.shot.total.solar_wh / sample.home.spec.pv_peak_w


METEO_POINTS: dict[int, Point] = {
    2003: now(lambda s: irradiance(s) * 0.9),
    2001: Point(lambda s: _yield_hours(s) * 1097.6, daily=True),
    2002: now(lambda s: _all_hours(s) * 1097.6),
    2007: now(irradiance),
    2005: Point(lambda s: _yield_hours(s) * 1219.5, daily=True),
    2006: now(lambda s: _all_hours(s) * 1219.5),
    2009: now(air),
    2010: now(panel),
    2016: plain(3.4, 1),
    2012: plain(240.0, 1),
    2014: plain(1013.2, 1),
    2015: plain(58.0, 1),
    2022: plain(0.0, 1),
    2100: now(panel),
}
