"""Recorded documents in the form in which the gateway gives them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from . import charger_calls, remote_calls, statistics
from .call import Call, Handler

_PLANT, _ALARM = "sems-plant/api", "sems-alarm/api"
_DEVICE = f"{_PLANT}/equipments"
_MODE = "INVCurrentWorkMode"
# What is remembered of a year, by the item that the cloud calls it
_OF_YEAR = {
    "proSystemTotalStats": "solar_energy",
    "proConsumStats": "consumption",
    "proGridStats": "grid_export",
    "proPurchaseStats": "grid_import",
    "proSelfConsumStats": "self_use",
    "proCharStats": "battery_charge",
    "proDischarStats": "battery_discharge",
}


class Answers:
    """Looks documents up; what has none is empty, or as the simulator has it."""

    def __init__(self, play: Callable[[str], Any]) -> None:
        """Answer with what `play` gives by key."""
        self._play = play
        self.handlers: dict[str, Handler] = {
            f"{_PLANT}/portal/stations/page": self._stations,
            f"{_PLANT}/stations/simple-query": self._stations,
            f"{_PLANT}/portal/stations/basic/info": self._of_station("info"),
            f"{_PLANT}/app/v2/stations/basic/info": self._of_station("info"),
            f"{_PLANT}/stations/flow": self._of_station("flow"),
            f"{_PLANT}/stations/device/all-status": self._status,
            f"{_PLANT}/web/device/station/page": self._page,
            f"{_PLANT}/web/device/station/getDevicesByType": self._by_type,
            f"{_DEVICE}/telemetry": self._of_device("live"),
            f"{_DEVICE}/telecounting": self._of_device("counters"),
            f"{_DEVICE}/information": self._of_device("information"),
            f"{_DEVICE}/relatedDevices": self._related,
            f"{_PLANT}/stations/statistics": self._statistics,
            f"{_PLANT}/stations/production": self._production,
            f"{_ALARM}/alarm/statistics": self._alarm_counts,
            f"{_ALARM}/v2/alarm/page": self._alarms,
            "sems-remote/api/v1/remote/get": self._settings,
            "sems-remote/api/ev-charger/detail": self._charger,
            f"{_PLANT}/v1/chargePile/getLastCharge": self._session,
            f"{_PLANT}/v1/chargePile/queryChargeLogList": self._sessions,
        }

    def _stations(self, call: Call) -> Any:
        return _paged(call, self._play("plants")["dataList"])

    def _of_station(self, name: str) -> Handler:
        return lambda call: self._play(f"{call.station().id}/{name}") or {}

    def _of_device(self, name: str) -> Handler:
        return lambda call: self._play(f"{call.device().sn}/{name}") or []

    def _lists(self, call: Call) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._play(f"{call.station().id}/devices") or {}
        return found

    def _status(self, call: Call) -> Any:
        return self._lists(call).get("status") or {}

    def _page(self, call: Call) -> Any:
        return _paged(call, self._lists(call).get("page") or [])

    def _by_type(self, call: Call) -> Any:
        wanted = call.text("deviceType")
        rows = self._lists(call).get("chargers") or ()
        return [row for row in rows if row.get("deviceType") == wanted]

    def _related(self, call: Call) -> Any:
        return (self._lists(call).get("related") or {}).get(call.device().sn) or []

    def _statistics(self, call: Call) -> Any:
        station = call.station()
        first, last = call.text("startTime")[:10], call.text("endTime")[:10]
        if call.text("dimension") == "year" and first[:4] == last[:4]:
            years = (self._play(f"{station.id}/lifetime") or {}).get("years") or {}
            return _year(first[:4], (years.get(first[:4]) or {}).get("kwh"))
        today = self._play(f"{station.id}/today") or {}
        if call.text("dimension") == "day" and first == last == today.get("day"):
            return today["energy"]
        return statistics.statistics(call)

    def _production(self, call: Call) -> Any:
        income = self._play(f"{call.station().id}/income")
        return statistics.production(call) if income is None else income

    def _alarm_counts(self, call: Call) -> Any:
        return self._alarms_of(call).get("counts") or {}

    def _alarms(self, call: Call) -> Any:
        return _paged(call, self._alarms_of(call).get("rows") or [])

    def _alarms_of(self, call: Call) -> Mapping[str, Any]:
        ids = call.value("stationIds") or [None]
        found = self._play(f"{call.station(ids[0]).id}/alarms")
        return found or {}

    def _settings(self, call: Call) -> Any:
        answer = remote_calls.read_settings(call)
        recorded = self._play(f"{call.device().sn}/mode") or {}
        for item in answer["items"]:
            if item["functionName"] == _MODE and _MODE in recorded:
                item["value"] = recorded[_MODE]
        return answer

    def _charger(self, call: Call) -> Any:
        found = self._play(f"{call.device().sn}/live") or {}
        return found.get("detail") or charger_calls.detail(call)

    def _session(self, call: Call) -> Any:
        sn = call.device(call.text("chargeSn")).sn
        found = self._play(f"{sn}/live") or {}
        return {"chargeLog": found.get("session") or None}

    def _sessions(self, call: Call) -> Any:
        name = "chargeSn" if call.value("chargeSn") is not None else "sn"
        found = self._play(f"{call.device(call.text(name)).sn}/live") or {}
        return _paged(call, found.get("log") or [])


def _paged(call: Call, rows: Sequence[Any]) -> dict[str, Any]:
    page = max(call.number("current", call.number("pageIndex", 1)), 1)
    size = max(call.number("size", call.number("pageSize", 20)), 1)
    return {
        "dataList": list(rows[(page - 1) * size : page * size]),
        "size": size,
        "current": page,
        "total": len(rows),
    }


def _year(year: str, kwh: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the energies of a year as the cloud tells them; nothing of one unread."""
    if kwh is None:
        return {}
    return {
        "dataList": [
            {
                "item": item,
                "unit": "kWh",
                "statisticsList": [{"date": year, "val": kwh[name]}],
            }
            for item, name in _OF_YEAR.items()
            if kwh.get(name) is not None
        ],
        "hasProfit": False,
    }
