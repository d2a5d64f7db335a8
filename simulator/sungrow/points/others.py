"""Points of meters (7), loggers (9), modules (22), chargers (51), combiners (4)."""

from ..status import charger_status
from .value import Point, Sample, day, now, only, plain, total


def _three(sample: Sample) -> bool:
    return sample.phases == 3


def _per_phase(sample: Sample) -> float:
    return sample.live.grid_w / sample.phases


METER_POINTS: dict[int, Point] = {
    8030: total(lambda e: e.import_wh),
    8031: total(lambda e: e.export_wh),
    8062: day(lambda e: e.import_wh),
    8063: day(lambda e: e.export_wh),
    8000: now(lambda s: s.volts),
    8006: now(lambda s: abs(_per_phase(s)) / s.volts, 2),
    8064: plain(50.0, 2),
    8018: now(lambda s: s.live.grid_w),
    8022: plain(0.0, 1),
    8014: plain(1.0, 3),
    8026: now(lambda s: abs(s.live.grid_w)),
    8076: now(_per_phase),
    **only(
        _three,
        {
            8001: now(lambda s: s.volts + 0.9),
            8002: now(lambda s: s.volts - 0.7),
            8003: now(lambda s: s.volts * 1.732),
            8004: now(lambda s: s.volts * 1.732),
            8005: now(lambda s: s.volts * 1.732),
            8007: now(lambda s: abs(_per_phase(s)) / s.volts, 2),
            8008: now(lambda s: abs(_per_phase(s)) / s.volts, 2),
            8077: now(_per_phase),
            8078: now(_per_phase),
        },
    ),
}
LOGGER_POINTS: dict[int, Point] = {
    10026: now(lambda s: s.live.pv_w),
    10028: total(lambda e: e.solar_wh),
    10046: plain(0.0, 1),
    10511: plain(-61),
    10587: now(lambda s: s.live.pv_w),
    10563: plain(21.4, 1),
    10567: plain(0),
    10569: plain(0),
}
MODULE_POINTS: dict[int, Point] = {
    23001: plain(4),
    23014: plain(-58),
    23006: plain(3),
}


def _charger_w(sample: Sample) -> float:
    return sample.live.ev_w / (1000 if sample.plant.cloud.charger_unit == "kW" else 1)


def _charger_limit(sample: Sample, watts: float) -> float:
    return watts / (1000 if sample.plant.cloud.charger_unit == "kW" else 1)


def _charger_state(sample: Sample) -> int | None:
    device = sample.device
    return None if device is None else charger_status(device, sample.live)


CHARGER_POINTS: dict[int, Point] = {
    33708: now(_charger_w, 3),
    33722: now(lambda s: _charger_limit(s, 4_140.0), 3),
    33723: now(lambda s: _charger_limit(s, 11_000.0), 3),
    33702: now(lambda s: s.volts),
    33704: now(lambda s: s.volts),
    33706: now(lambda s: s.volts),
    33703: now(lambda s: s.live.ev_w / 3 / s.volts, 2),
    33705: now(lambda s: s.live.ev_w / 3 / s.volts, 2),
    33707: now(lambda s: s.live.ev_w / 3 / s.volts, 2),
    33710: now(lambda s: 6.0 if s.live.ev_w else 9.0),
    33728: plain(16.0, 1),
    33729: plain(6.0, 1),
    33716: now(_charger_state, None),
}
_COMBINED = 8
COMBINER_POINTS: dict[int, Point] = {
    1005: now(lambda s: s.live.pv_w / 720.0, 2),
    1001: now(lambda s: 720.0 if s.live.pv_w > 0 else 0.0),
    1006: now(lambda s: s.live.pv_w),
    1002: plain(26.0, 1),
    **{
        1009 + place: now(lambda s: s.live.pv_w / 720.0 / _COMBINED, 2)
        for place in range(_COMBINED)
    },
}
