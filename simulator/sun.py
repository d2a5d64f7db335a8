"""Solar power: the geometry of the sun, and clouds by seed."""

from functools import lru_cache
import math

from .calendar import DAY_MINUTES
from .noise import smooth_noise
from .spec import HouseSpec

_NODE_MINUTES = 10
_TILT = math.radians(30)
_SOLSTICE = math.radians(23.44)
# 2000-03-20, an equinox, as UTC day number; the year's length keeps it there
_EQUINOX_DAY = 11036.3
_YEAR_DAYS = 365.2425
# Modules never reach their rating on a real roof: heat, dirt, wiring
_SYSTEM_SHARE = 0.88


@lru_cache(maxsize=256)
def solar_day(spec: HouseSpec, day: int) -> list[float]:
    """Return the available solar power in whole W for each minute of a UTC day."""
    nodes = [
        _clear_sky_share(spec, day * DAY_MINUTES + minute)
        for minute in range(0, DAY_MINUTES + 1, _NODE_MINUTES)
    ]
    if spec.pv_peak_w == 0 or not any(nodes):
        return [0.0] * DAY_MINUTES
    # Weather lasts for hours, clouds for half an hour, their edges for minutes
    weather = smooth_noise(spec.seed, "weather", day, 720)
    clouds = smooth_noise(spec.seed, "clouds", day, 30)
    edges = smooth_noise(spec.seed, "edges", day, 6)
    peak = spec.pv_peak_w * _SYSTEM_SHARE
    # Winters are grey
    summer = math.sin(_season(day)) * math.copysign(1, spec.latitude)
    clear = 0.2 * summer - 0.1
    powers = [0.0] * DAY_MINUTES
    for index in range(DAY_MINUTES // _NODE_MINUTES):
        low, high = nodes[index], nodes[index + 1]
        if low == high == 0:
            continue
        for step in range(_NODE_MINUTES):
            minute = index * _NODE_MINUTES + step
            sky = low + (high - low) * step / _NODE_MINUTES
            # From below 0 (overcast) to beyond 1 (not a cloud all day)
            clearness = clear + 1.25 * weather[minute]
            cover = 0.65 * clouds[minute] + 0.35 * edges[minute] - clearness
            shade = min(max(cover / 0.2 + 0.5, 0.0), 1.0)
            powers[minute] = float(round(peak * sky * (1.0 - 0.85 * shade)))
    return powers


def _clear_sky_share(spec: HouseSpec, minute: int) -> float:
    """Return the irradiance on the modules under a clear sky, 1.0 = 1000 W/m2."""
    season = _season(minute / DAY_MINUTES)
    declination = math.asin(math.sin(_SOLSTICE) * math.sin(season))
    # Equation of time in minutes, counted from the equinox
    equation = (
        9.87 * math.sin(2 * season) - 7.53 * math.cos(season) - 1.5 * math.sin(season)
    )
    solar_minute = minute % DAY_MINUTES + 4 * spec.solar_longitude + equation
    hour_angle = math.radians(solar_minute / 4 - 180)
    latitude = math.radians(spec.latitude)
    height = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(
        declination
    ) * math.cos(hour_angle)
    if height <= 0.01:
        return 0.0
    direct: float = 1.353 * 0.7 ** (height**-0.678)
    # A roof that faces the equator sees the sun as a flat one at a lower latitude does
    tilted = latitude - math.copysign(_TILT, latitude)
    incidence = math.sin(tilted) * math.sin(declination) + math.cos(tilted) * math.cos(
        declination
    ) * math.cos(hour_angle)
    return direct * (max(incidence, 0.0) + 0.1)


def _season(days: float) -> float:
    """Return the angle of the year since the equinox in March, from UTC days."""
    return 2 * math.pi * (days - _EQUINOX_DAY) / _YEAR_DAYS
