"""Points of batteries and large storages: types 43, 44, 45, 52, 37, 26."""

from functools import partial

from .meteo import air
from .value import Point, Sample, day, now, plain, ratio, total

_MODULES = 8


def _watts(sample: Sample) -> float:
    return sample.live.battery_w * sample.share


def _cell(sample: Sample, offset: float = 0.0) -> float:
    """Return the voltage of a cell in mV."""
    return 3200.0 + sample.live.soc * 1.4 + offset


def _module(sample: Sample, place: int, offset: float) -> float | None:
    modules = sample.device.spec.modules if sample.device else 0
    return _cell(sample, offset - place) if place < modules else None


def _modules() -> dict[int, Point]:
    found = {}
    for place in range(_MODULES):
        found[58618 + place] = now(partial(_module, place=place, offset=6.0))
        found[58626 + place] = now(partial(_module, place=place, offset=-6.0))
    return found


BATTERY_POINTS: dict[int, Point] = {
    58601: now(lambda s: s.pack_volts),
    58602: now(lambda s: _watts(s) / s.pack_volts, 2),
    58603: now(lambda s: air(s) + 8.0),
    58604: ratio(lambda s: s.live.soc / 100),
    58605: ratio(lambda _: 0.98),
    58606: total(lambda e: e.charge_wh),
    58607: total(lambda e: e.discharge_wh),
    58608: now(lambda s: 2 if _watts(s) else 1, None),
    58609: plain(0),
    58610: now(lambda s: _cell(s, 6.0)),
    58611: plain(17),
    58612: now(lambda s: _cell(s, -10.0)),
    58613: plain(42),
    58614: now(lambda s: air(s) + 9.0),
    58615: plain(2),
    58616: now(lambda s: air(s) + 7.0),
    58617: plain(1),
    58635: plain(1),
    58636: plain(0),
    **_modules(),
}
_CELLS: dict[int, Point] = {
    59008: now(lambda s: _cell(s, 6.0)),
    59010: now(lambda s: _cell(s, -10.0)),
    59012: now(lambda s: air(s) + 9.0),
    59014: now(lambda s: air(s) + 7.0),
}
RACK_POINTS: dict[int, Point] = {
    59002: now(lambda s: s.pack_volts * 3),
    59003: now(lambda s: _watts(s) / (s.pack_volts * 3), 2),
    59004: ratio(lambda s: s.live.soc / 100),
    59006: plain(280.0, 1),
    **_CELLS,
    59403: plain("CMU-V1.0.12"),
}
CONTROLLER_POINTS: dict[int, Point] = {
    **_CELLS,
    59064: plain("2#17"),
    59065: plain("4#42"),
    59066: plain("2#3"),
    59067: plain("1#1"),
}
LOCAL_POINTS: dict[int, Point] = {
    59502: plain("LC-V2.1.0"),
    59535: total(lambda e: e.charge_wh),
    59536: total(lambda e: e.discharge_wh),
    59541: now(_watts),
    59542: plain(0.0, 1),
    59546: day(lambda e: e.charge_wh),
    59547: day(lambda e: e.discharge_wh),
    59551: plain(1),
    59552: plain(2),
    59705: now(lambda s: s.device.sn if s.device else None, None),
}
PCS_POINTS: dict[int, Point] = {
    44010: now(_watts),
    44011: plain(0.0, 1),
    44012: plain(1.0, 3),
    44025: plain(1),
    44029: plain(50.0, 2),
    44231: plain(2),
    44244: now(lambda s: air(s) + 15.0),
    44803: now(lambda s: s.device.sn if s.device else None, None),
    44823: plain("DSP-V3.4"),
    44824: plain("CPLD-V1.1"),
}


def _storage(sample: Sample) -> float:
    sign = -1 if sample.plant.cloud.storage_sign == "charge" else 1
    return sign * sample.live.battery_w


def _grid(sample: Sample) -> float:
    sign = 1 if sample.plant.cloud.grid_sign == "import" else -1
    return sign * sample.live.grid_w


EMS_POINTS: dict[int, Point] = {
    24620: day(lambda e: e.charge_wh),
    24621: day(lambda e: e.discharge_wh),
    24622: total(lambda e: e.charge_wh),
    24623: total(lambda e: e.discharge_wh),
    24624: now(lambda s: s.live.pv_w),
    24625: now(_storage),
    24626: now(_grid),
    24627: day(lambda e: e.solar_wh),
    24628: total(lambda e: e.solar_wh),
    24629: now(lambda s: s.live.soc),
    24630: now(lambda s: s.live.stored_wh),
    24631: now(lambda s: s.live.load_w),
}
