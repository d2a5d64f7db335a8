"""Points of a hybrid inverter, device type 14."""

from datetime import date
from functools import partial

from .meteo import air
from .value import (
    Point,
    Sample,
    day,
    now,
    only,
    plain,
    ratio,
    share_of,
    total,
    used_directly,
)

_MPPT = ((13001, 13002), (13105, 13106), (13107, 13108), (13109, 13110))


def _ac(sample: Sample) -> float:
    return (sample.live.pv_w + sample.live.battery_w) * sample.share


def _string_w(sample: Sample, place: int) -> float:
    return sample.live.strings_w[place] * sample.share


def _string_volts(sample: Sample, place: int) -> float | None:
    if place >= len(sample.live.strings_w):
        return None
    return 380.0 + 12.0 * place if sample.live.pv_w > 0 else 0.0


def _string_amps(sample: Sample, place: int) -> float | None:
    volts = _string_volts(sample, place)
    if volts is None:
        return None
    return _string_w(sample, place) / volts if volts else 0.0


def _mppts() -> dict[int, Point]:
    found = {}
    for place, (volts, amps) in enumerate(_MPPT):
        found[volts] = now(partial(_string_volts, place=place))
        found[amps] = now(partial(_string_amps, place=place), 2)
    return found


def _three(sample: Sample) -> bool:
    return sample.phases == 3


def _one(sample: Sample) -> bool:
    return sample.phases == 1


def _battery(sample: Sample) -> bool:
    return sample.home.has_battery


def _meter(sample: Sample) -> bool:
    return sample.home.has_meter


def _backup_w(sample: Sample) -> float:
    return 0.0 if sample.live.grid else sample.live.load_w


def _year(sample: Sample) -> date:
    return sample.plant.local(sample.shot.at).date().replace(month=1, day=1)


HYBRID_POINTS: dict[int, Point] = {
    13011: now(_ac),
    13003: now(lambda s: s.live.pv_w * s.share),
    13012: plain(0.0, 1),
    13160: plain(1840.0, 1),
    13007: now(lambda s: 50.0 if s.live.grid else 50.2, 2),
    13020: now(lambda s: s.shot.total.solar_wh / 3000.0, None),
    13134: total(lambda e: e.solar_wh),
    13112: day(lambda e: e.solar_wh),
    13019: now(lambda s: air(s) + 14.0 + abs(_ac(s)) / 1000),
    13161: plain(652.0, 1),
    13013: plain(1.0, 3),
    13018: now(lambda s: abs(_ac(s))),
    **_mppts(),
    **only(
        _three,
        {
            13157: now(lambda s: s.volts),
            13158: now(lambda s: s.volts + 0.9),
            13159: now(lambda s: s.volts - 0.7),
            13008: now(lambda s: _ac(s) / 3 / s.volts, 2),
            13009: now(lambda s: _ac(s) / 3 / s.volts, 2),
            13010: now(lambda s: _ac(s) / 3 / s.volts, 2),
            13004: now(lambda s: s.volts * 1.732),
            13005: now(lambda s: s.volts * 1.732),
            13006: now(lambda s: s.volts * 1.732),
            18065: now(lambda s: _backup_w(s) / 3),
            18066: now(lambda s: _backup_w(s) / 3),
            18067: now(lambda s: _backup_w(s) / 3),
        },
    ),
    **only(
        _one,
        {
            13187: now(lambda s: s.volts),
            13188: now(lambda s: _ac(s) / s.volts, 2),
        },
    ),
    18068: now(_backup_w),
    13166: plain(0),
    13168: plain(0),
    13171: plain(0),
    **only(
        _meter,
        {
            13122: day(lambda e: e.export_wh),
            13125: total(lambda e: e.export_wh),
            13147: day(lambda e: e.import_wh),
            13148: total(lambda e: e.import_wh),
            13149: now(lambda s: max(s.live.grid_w, 0.0)),
            13121: now(lambda s: max(-s.live.grid_w, 0.0)),
            13173: day(lambda e: min(e.export_wh, e.solar_wh)),
            13175: total(lambda e: min(e.export_wh, e.solar_wh)),
            13199: day(lambda e: e.load_wh),
            13130: total(lambda e: e.load_wh),
            13119: now(lambda s: s.live.load_w),
            13116: day(used_directly),
            13137: total(used_directly),
            13144: ratio(
                lambda s: share_of(
                    s.shot.today.solar_wh - s.shot.today.export_wh,
                    s.shot.today.solar_wh,
                )
            ),
            13172: ratio(
                lambda s: share_of(
                    s.shot.today.load_wh - s.shot.today.import_wh,
                    s.shot.today.load_wh,
                )
            ),
            13118: now(lambda s: s.since(_year(s), s.home.spec.pv_peak_w * 450) * 0.4),
            18108: now(lambda s: s.volts),
            18109: now(lambda s: s.volts if _three(s) else None),
            18110: now(lambda s: s.volts if _three(s) else None),
        },
    ),
    **only(
        _battery,
        {
            13141: ratio(lambda s: s.live.soc / 100),
            13170: ratio(lambda s: s.live.soc / 100),
            13142: ratio(lambda _: 0.98),
            13028: day(lambda e: e.charge_wh),
            13029: day(lambda e: e.discharge_wh),
            13034: total(lambda e: e.charge_wh),
            13035: total(lambda e: e.discharge_wh),
            13174: day(lambda e: e.charge_wh - e.grid_charge_wh),
            13176: total(lambda e: e.charge_wh - e.grid_charge_wh),
            13126: now(lambda s: max(-s.live.battery_w, 0.0)),
            13150: now(lambda s: max(s.live.battery_w, 0.0)),
            13138: now(lambda s: s.pack_volts),
            13139: now(lambda s: s.live.battery_w / s.pack_volts, 2),
            13169: now(lambda s: s.pack_volts),
            13143: now(lambda s: air(s) + 8.0),
            13162: plain(30.0, 1),
            13163: plain(30.0, 1),
            13140: now(lambda s: s.home.spec.battery_capacity_wh),
        },
    ),
    13146: now(lambda s: s.status, None),
}
