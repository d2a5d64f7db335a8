"""What only V1 has: call counts, names of points, properties (reference section 2.5)."""

from typing import Any

from .call import Call
from .points import CATALOGUE
from .points.catalogue import unit_of

_POWER_LIMITS = ("18290", "18291")


def call_info(call: Call) -> dict[str, Any]:
    """`getOpenApiCallInfo`: what is left of the quota; all numbers are texts."""
    counts = call.counts
    if counts is None:
        return {}
    limit, used = counts.hourly_limit, counts.this_hour()
    hours = [str(hour) for hour in range(24)]
    return {
        "per_hour_access_times_config": [
            {"hour": hour, "max_call_times": limit} for hour in hours
        ],
        "per_hour_residue_times": [
            {"hour": hour, "times": str(max(limit - used, 0))} for hour in hours
        ],
        "per_day_access_times_config": str(limit * 24),
        "today_accessed_times": str(counts.today()),
        "curr_hour_accessed_times": str(used),
    }


def point_names(call: Call) -> dict[str, Any]:
    """`getOpenPointInfo`: `show_unit` is the app's, `storage_unit` the API's."""
    known = CATALOGUE.get(call.number("device_type"), {})
    rows = [
        {
            "point_id": str(number),
            "point_name": f"测点{number}" if call.chinese else text.name,
            "show_unit": unit_of(text, glyphs=True, shown=True),
            "storage_unit": unit_of(text, glyphs=call.cloud.glyphs, shown=False),
        }
        for number, text in known.items()
    ]
    return {"rowCount": len(rows), "pageList": rows}


def properties(call: Call) -> dict[str, Any]:
    """`getDevPropertyPointValue`: limits of the battery's power (18290, 18291), in W."""
    keys, points = call.texts("ps_key_list"), call.texts("point_id_list")
    if not keys or not points:
        return {"code": "2", "device_point_list": []}
    devices = [
        device
        for plant in call.plants
        for device in plant.devices
        if device.ps_key in keys
    ]
    if not devices:
        return {"code": "3", "device_point_list": []}
    rows = [
        {"ps_key": device.ps_key}
        | {
            f"p{point}": str(device.rated_w * 1.06)
            for point in points
            if point in _POWER_LIMITS and device.has_battery
        }
        for device in devices
    ]
    code = "1" if any(len(row) > 1 for row in rows) else "4"
    return {"code": code, "device_point_list": rows}
