"""What each request reads or writes, once it is known to be allowed."""

from collections.abc import Callable
import json
from typing import Any, Literal, cast
from urllib.parse import parse_qsl

from aiohttp import web

from . import devices, schedule, status
from .battery import Direction, SonnenBattery
from .configuration import MODE, check_value
from .protocol import ApiError, error, success
from .variants import shaped

_MOST_W = 1_000_000_000
_FORM = "application/x-www-form-urlencoded"

READS: dict[str, Callable[[SonnenBattery], Any]] = {
    "status": status.status,
    "latestdata": status.latest,
    "battery": devices.modules,
    "powermeter": devices.meters,
    "inverter": devices.inverter,
    "io": devices.io,
}


def read(battery: SonnenBattery, endpoint: str) -> Any:
    """Return the document of one of `READS`."""
    if (recorded := battery.recorded.get(endpoint)) is not None:
        return recorded()
    if endpoint == "status" and battery.frozen and battery.last_status is not None:
        return battery.last_status
    document = shaped(battery.variant, endpoint, READS[endpoint](battery))
    if endpoint == "status":
        battery.last_status = document
    return document


def configurations(battery: SonnenBattery) -> dict[str, Any]:
    """3.7 GET configurations."""
    battery.house.advance()
    return {
        key: _shown(battery, key, setting.shown)
        for key, setting in sorted(battery.settings.items())
    }


def one_configuration(battery: SonnenBattery, key: str) -> dict[str, Any]:
    """3.7 GET configurations/{key}: 403 for one that there is not."""
    values = configurations(battery)
    if key not in values:
        raise error(403, "unexpected or restricted configuration")
    return {key: values[key]}


def _shown(battery: SonnenBattery, key: str, value: str) -> Any:
    if battery.variant.configuration_types == "strings":
        return value
    if key == schedule.KEY:
        return json.loads(value or "[]")
    return int(value) if value.isdigit() else value


async def asked(request: web.Request) -> dict[str, Any]:
    """Return what a PUT wants to change; 400 if it is not an object of values."""
    text = await request.text()
    if request.content_type == _FORM:
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise error(400)
    return document


async def write(battery: SonnenBattery, request: web.Request) -> web.Response:
    """6.1 PUT configurations: one bad value, and nothing is stored."""
    encoding: Literal["form", "json"] = (
        "form" if request.content_type == _FORM else "json"
    )
    if battery.put_body not in {"both", encoding}:
        raise error(400)
    values: dict[str, str] = {}
    for key, value in (await asked(request)).items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise error(400)
        values[key] = str(value)
    if not values:
        raise error(400)
    if battery.vpp_active and MODE in values:
        # Of the keys only this one is the power plant's, and no text says so.
        raise ApiError(403, None)
    for key, value in values.items():
        known = key if key in battery.settings else ""
        check_value(known, value, battery.modes)
    for key, value in values.items():
        battery.write(key, value)
    return success(values if battery.put_answer == "echo" else True)


def set_point(battery: SonnenBattery, direction: str, watts: str) -> web.Response:
    """6.4 POST setpoint/{direction}/{watt}."""
    if not (watts.isascii() and watts.isdigit()) or int(watts) >= _MOST_W:
        raise error(400)
    if battery.vpp_active:
        raise error(403, "VPP has priority")
    if not battery.set_point_body:
        return success(False, battery.set_point_status)
    battery.write_set_point(cast(Direction, direction), int(watts))
    return success(True, battery.set_point_status)


def ignored_by_device(battery: SonnenBattery) -> list[Any]:
    """Return what was accepted and will never be acted on."""
    stored = battery.settings.get(schedule.KEY)
    return schedule.ignored(stored.stored) if stored else []
