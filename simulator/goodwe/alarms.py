"""Alarms: how many there are, and which (reference section 3.12)."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .refusal import Refusal

if TYPE_CHECKING:
    from .call import Call
    from .station import Station

_STAMP = "%Y-%m-%d %H:%M:%S"


@dataclass(slots=True, kw_only=True)
class Alarm:
    """One alarm of a device, times in UTC."""

    id: str
    sn: str
    start: datetime
    end: datetime | None = None
    """None is open."""
    code: str = "10"
    name: str = "Utility Loss"
    level: Literal["Prompt", "alarm", "Fault"] = "Fault"

    def happens(self, now: datetime) -> bool:
        """Return whether it is open at a moment."""
        return self.start <= now and (self.end is None or self.end > now)


def alarm_counts(call: Call) -> dict[str, str]:
    """`alarm/statistics`: counts as text."""
    stations = _stations(call)
    known = [alarm for it in stations for alarm in it.alarms if alarm.start <= call.now]
    happened = sum(alarm.happens(call.now) for alarm in known)
    return {
        "total": str(len(known)),
        "happened": str(happened),
        "recovery": str(len(known) - happened),
    }


def alarm_page(call: Call) -> dict[str, Any]:
    """`v2/alarm/page`: newest first; filters by state and time of the station."""
    page, size = call.number("pageIndex", 1), call.number("pageSize", 20)
    status = call.value("status")
    rows: list[tuple[datetime, dict[str, Any]]] = []
    for station in _stations(call):
        first, last = _span(call, station)
        for alarm in station.alarms:
            recovered = 0 if alarm.happens(call.now) else 1
            if (
                alarm.start > call.now
                or (status is not None and str(status) != str(recovered))
                or not first <= alarm.start <= last
            ):
                continue
            rows.append((alarm.start, _row(station, alarm, recovered)))
    rows.sort(key=lambda row: row[0], reverse=True)
    shown = [row for _, row in rows][(page - 1) * size : page * size]
    return {
        "dataList": shown,
        "total": len(rows),
        "pageIndex": page,
        "pageSize": size,
    }


def _stations(call: Call) -> list[Station]:
    ids = call.value("stationIds")
    if not isinstance(ids, list) or not ids:
        raise Refusal("P0214")
    return [call.station(str(entry)) for entry in ids]


def _span(call: Call, station: Station) -> tuple[datetime, datetime]:
    if str(call.value("timeType")) != "1":
        return datetime.min.replace(tzinfo=station.zone), call.now
    try:
        first, last = (
            datetime.strptime(call.text(name), _STAMP).replace(tzinfo=station.zone)
            for name in ("startTime", "endTime")
        )
    except ValueError as err:
        raise Refusal("P0214") from err
    return first, last


def _row(station: Station, alarm: Alarm, recovered: int) -> dict[str, Any]:
    device = station.device(alarm.sn)
    end = alarm.end if recovered else None
    return {
        "warningid": alarm.id,
        "warning_code": alarm.code,
        "warningNameEn": alarm.name,
        "warningname": f"warning_name_{alarm.code}",
        "cause": f"warning_cause_{alarm.code}",
        "solution": f"warning_solution_{alarm.code}",
        "alarmLevel": f"Total_FaultLevel_{alarm.level}",
        "status": recovered,
        "stationId": station.id,
        "deviceName": device.name if device else None,
        "devicesn": alarm.sn,
        "happentime": _milliseconds(alarm.start),
        "recoverytime": end and _milliseconds(end),
        "duration": end and _duration((end - alarm.start).total_seconds()),
    }


def _milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes}m {rest}s" if hours else f"{minutes}m {rest}s"
