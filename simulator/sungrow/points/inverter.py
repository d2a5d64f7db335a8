"""Points of string inverters (type 1) and microinverters (type 55)."""

from functools import partial

from .meteo import air
from .value import Point, Sample, day, now, plain, total

_MPPT = ((5, 6), (7, 8), (9, 10), (45, 46))
_STRING = ((96, 70), (97, 71), (98, 72), (99, 73))
_PV_POWER = (11, 12, 13, 59)
_MICRO_PV = (
    (51315, 51316, 51333, 51339, 51347),
    (51317, 51318, 51334, 51340, 51348),
)


def _ac(sample: Sample) -> float:
    return sample.live.pv_w * sample.share


def _strings(sample: Sample) -> int:
    return len(sample.live.strings_w)


def _volts(sample: Sample, place: int) -> float | None:
    if place >= _strings(sample):
        return None
    return 610.0 - 8.0 * place if sample.live.pv_w > 0 else 0.0


def _watts(sample: Sample, place: int) -> float | None:
    if place >= _strings(sample):
        return None
    return sample.live.strings_w[place] * sample.share


def _amps(sample: Sample, place: int) -> float | None:
    volts, watts = _volts(sample, place), _watts(sample, place)
    if volts is None or watts is None:
        return None
    return watts / volts if volts else 0.0


def _inputs() -> dict[int, Point]:
    found = {}
    for place, pair in enumerate(zip(_MPPT, _STRING, _PV_POWER, strict=True)):
        (mppt_v, mppt_a), (string_v, string_a), power = pair
        for volts in (mppt_v, string_v):
            found[volts] = now(partial(_volts, place=place))
        for amps in (mppt_a, string_a):
            found[amps] = now(partial(_amps, place=place), 2)
        found[power] = now(partial(_watts, place=place))
    return found


def _since(sample: Sample, *, month: bool) -> float:
    first = sample.plant.local(sample.shot.at).date().replace(day=1)
    begin = first if month else first.replace(month=1)
    days = 15 if month else 150
    earlier = sample.home.spec.pv_peak_w * 3 * days
    return sample.since(begin, earlier) * sample.share


INVERTER_POINTS: dict[int, Point] = {
    1: day(lambda e: e.solar_wh),
    87: now(lambda s: _since(s, month=True)),
    88: now(lambda s: _since(s, month=False)),
    2: total(lambda e: e.solar_wh),
    24: now(_ac),
    14: now(_ac),
    18: now(lambda s: s.volts),
    19: now(lambda s: s.volts + 0.9),
    20: now(lambda s: s.volts - 0.7),
    21: now(lambda s: _ac(s) / 3 / s.volts, 2),
    22: now(lambda s: _ac(s) / 3 / s.volts, 2),
    23: now(lambda s: _ac(s) / 3 / s.volts, 2),
    25: plain(0.0, 1),
    94: plain(2100.0, 1),
    27: now(lambda s: 50.0 if s.live.grid else 0.0, 2),
    7356: now(lambda s: s.shot.total.solar_wh / 3000.0, None),
    15: now(lambda s: s.volts * 1.732),
    16: now(lambda s: s.volts * 1.732),
    17: now(lambda s: s.volts * 1.732),
    4: now(lambda s: air(s) + 12.0 + _ac(s) / 1000),
    95: plain(655.0, 1),
    26: plain(1.0, 3),
    43: now(_ac),
    41: now(lambda s: s.device.rated_w if s.device else None),
    42: plain(0.0, 1),
    3: now(lambda s: s.shot.total.solar_wh / 3000.0, None),
    29: now(lambda s: s.status, None),
    **_inputs(),
}


def _micro_watts(sample: Sample) -> float:
    return _ac(sample) / len(_MICRO_PV)


def _micro_inputs() -> dict[int, Point]:
    found = {}
    half = 1 / len(_MICRO_PV)
    for volts, amps, power, lifetime, today in _MICRO_PV:
        found[volts] = now(lambda s: 38.0 if s.live.pv_w > 0 else 0.0)
        found[amps] = now(lambda s: _micro_watts(s) / 38.0, 2)
        found[power] = now(_micro_watts)
        found[lifetime] = total(lambda e: e.solar_wh * half)
        found[today] = day(lambda e: e.solar_wh * half)
    return found


MICRO_POINTS: dict[int, Point] = {
    51301: now(lambda s: s.status, None),
    51302: total(lambda e: e.solar_wh),
    51303: now(_ac),
    51304: plain(0.0, 1),
    51305: now(_ac),
    51306: now(_ac),
    51307: plain(1.0, 3),
    51308: plain(50.0, 2),
    51309: now(lambda s: s.volts),
    51312: now(lambda s: _ac(s) / s.volts, 2),
    51346: day(lambda e: e.solar_wh),
    **_micro_inputs(),
}
