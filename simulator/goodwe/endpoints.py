"""Which path is answered by what; paths are those below the gateway."""

from collections.abc import Mapping
from typing import NamedTuple

from .alarms import alarm_counts, alarm_page
from .call import Endpoint
from .commands import HANDLERS
from .counters import information, related_devices, telecounting
from .lists import (
    all_status,
    device_page,
    device_types,
    simple_query,
    station_flow,
    station_info,
    stations_page,
)
from .series import power_series
from .statistics import production, statistics
from .telemetry import telemetry

LOGIN = "sems-user/api/v1/auth/cross-login"
DEFAULT_SERVICE = "sems-user/api/v1/auth/default-service"
_DEVICE = "sems-plant/api/equipments/{sn}"
_POWER = "sems-plant/api/v1/hems/power"

ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("POST", "sems-plant/api/portal/stations/page"): Endpoint(stations_page),
    ("POST", "sems-plant/api/stations/simple-query"): Endpoint(simple_query),
    ("POST", "sems-plant/api/portal/stations/basic/info"): Endpoint(station_info),
    ("POST", "sems-plant/api/app/v2/stations/basic/info"): Endpoint(station_info),
    ("GET", "sems-plant/api/stations/flow"): Endpoint(station_flow),
    ("GET", "sems-plant/api/stations/device/all-status"): Endpoint(all_status),
    ("POST", "sems-plant/api/web/device/station/page"): Endpoint(device_page),
    ("GET", "sems-plant/api/web/device/getAllDeviceType"): Endpoint(device_types),
    ("GET", f"{_DEVICE}/telemetry"): Endpoint(telemetry),
    ("GET", f"{_DEVICE}/telecounting"): Endpoint(telecounting),
    ("GET", f"{_DEVICE}/information"): Endpoint(information),
    ("GET", f"{_DEVICE}/relatedDevices"): Endpoint(related_devices),
    ("POST", "sems-plant/api/stations/statistics"): Endpoint(statistics),
    ("POST", "sems-plant/api/stations/production"): Endpoint(production),
    ("POST", "sems-alarm/api/alarm/statistics"): Endpoint(alarm_counts),
    ("POST", "sems-alarm/api/v2/alarm/page"): Endpoint(alarm_page),
    ("POST", f"{_POWER}/statisticsAndPreV2"): Endpoint(power_series),
    ("POST", f"{_POWER}/{{stationId}}"): Endpoint(power_series),
    **HANDLERS,
}


class Match(NamedTuple):
    """What a path means."""

    name: str
    """The path without its placeholders."""
    path: dict[str, str]
    endpoint: Endpoint | None
    """None for a path that is not there, or not with this method."""


def match(method: str, path: str) -> Match:
    """Return what is asked for; an exact path wins over one with placeholders."""
    exact = ENDPOINTS.get((method, path))
    if exact is not None:
        return Match(path, {}, exact)
    parts = path.split("/")
    for known_method, template in ENDPOINTS:
        pattern = template.split("/")
        if "{" not in template or len(pattern) != len(parts):
            continue
        values: dict[str, str] = {}
        for wanted, part in zip(pattern, parts, strict=True):
            if wanted.startswith("{"):
                values[wanted[1:-1]] = part
            elif wanted != part:
                break
        else:
            name = "/".join(it for it in pattern if not it.startswith("{"))
            right = known_method == method
            endpoint = ENDPOINTS[known_method, template] if right else None
            return Match(name, values, endpoint)
    return Match(path, {}, None)
