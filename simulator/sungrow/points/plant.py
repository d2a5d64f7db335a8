"""Points of the plant itself, device type 11."""

from ..home import METEO, PCS
from .meteo import air, irradiance, panel
from .value import Point, Sample, day, now, only, plain, ratio, total, used_directly


def _peak(sample: Sample) -> float:
    return sample.home.spec.pv_peak_w


def _ac(sample: Sample) -> float:
    """Return what the inverters put out: the sun and what the battery gives."""
    return sample.live.pv_w + sample.live.battery_w


def _storage(sample: Sample) -> float:
    sign = -1 if sample.plant.cloud.storage_sign == "charge" else 1
    return sign * sample.live.battery_w


def _grid(sample: Sample) -> float:
    sign = 1 if sample.plant.cloud.grid_sign == "import" else -1
    return sign * sample.live.grid_w


def _hours(sample: Sample) -> float:
    return sample.shot.today.solar_wh / _peak(sample)


def _room(sample: Sample) -> float:
    return sample.home.spec.battery_capacity_wh - sample.live.stored_wh


def _battery(sample: Sample) -> bool:
    return sample.home.has_battery


def _ems(sample: Sample) -> bool:
    return sample.home.has_ems


def _meter(sample: Sample) -> bool:
    return sample.home.has_meter


def _string_meter(sample: Sample) -> bool:
    """Return whether a meter belongs to string inverters, not to a hybrid."""
    return _meter(sample) and sample.home.ps_type == 4


def _weather(sample: Sample) -> bool:
    return bool(sample.home.of(METEO))


def _knows_power(sample: Sample) -> bool:
    return _ems(sample) or sample.plant.cloud.plant_powers


def _counts_storage(sample: Sample) -> bool:
    return _battery(sample) and (_ems(sample) or sample.plant.cloud.ems_points)


PLANT_POINTS: dict[int, Point] = {
    83022: day(lambda e: e.solar_wh),
    83024: total(lambda e: e.solar_wh),
    83033: now(_ac),
    83019: ratio(lambda s: _ac(s) / _peak(s)),
    83002: now(_ac),
    83004: total(lambda e: e.solar_wh),
    83009: day(lambda e: e.solar_wh),
    83025: now(_hours, 2),
    83005: now(_hours, 2),
    83008: now(_hours, 2),
    83001: now(lambda s: _ac(s) / _peak(s), 3),
    83067: now(lambda s: s.live.pv_w),
    83202: now(_peak),
    **only(
        _string_meter,
        {
            83006: day(lambda e: e.solar_wh),
            83020: total(lambda e: e.solar_wh),
            83011: day(lambda e: e.load_wh),
            83021: total(lambda e: e.load_wh),
        },
    ),
    **only(
        _meter,
        {
            83032: now(lambda s: -s.live.grid_w),
            83052: now(lambda s: s.live.load_w),
            83106: now(lambda s: s.live.load_w),
            83097: day(used_directly),
            83100: total(used_directly),
            83102: day(lambda e: e.import_wh),
            83105: total(lambda e: e.import_wh),
            83118: day(lambda e: e.load_wh),
            83124: total(lambda e: e.load_wh),
            83119: day(lambda e: min(e.export_wh, e.solar_wh)),
            83123: total(lambda e: min(e.export_wh, e.solar_wh)),
            83072: day(lambda e: e.export_wh),
            83075: total(lambda e: e.export_wh),
        },
    ),
    **only(
        lambda s: _meter(s) and _knows_power(s),
        {83549: now(_grid), 83328: now(_grid)},
    ),
    **only(
        lambda s: _battery(s) and _knows_power(s),
        {83238: now(_storage), 83326: now(_storage)},
    ),
    **only(
        _battery,
        {
            83252: ratio(lambda s: s.live.soc / 100),
            83129: ratio(lambda s: s.live.soc / 100),
            83232: ratio(lambda s: s.live.soc / 100),
            83233: now(lambda s: s.home.spec.max_charge_w),
            83234: now(lambda s: s.home.spec.max_discharge_w),
            83235: now(_room),
            83236: now(lambda s: s.live.stored_wh),
            83241: total(lambda e: e.charge_wh),
            83242: total(lambda e: e.discharge_wh),
            83243: day(lambda e: e.charge_wh),
            83244: day(lambda e: e.discharge_wh),
            83548: now(
                lambda s: s.shot.total.discharge_wh // s.home.spec.battery_capacity_wh,
                None,
            ),
            83327: now(lambda s: s.live.stored_wh),
        },
    ),
    **only(
        _counts_storage,
        {
            83322: day(lambda e: e.charge_wh),
            83323: day(lambda e: e.discharge_wh),
            83324: total(lambda e: e.charge_wh),
            83325: total(lambda e: e.discharge_wh),
        },
    ),
    **only(
        _ems,
        {
            83237: now(lambda s: s.home.spec.max_charge_w * 0.6),
            83239: plain(0.0, 1),
            83240: plain(1.0, 3),
            83317: now(lambda s: s.live.pv_w),
            83318: plain(0.0, 1),
            83319: ratio(lambda s: s.live.soc / 100),
            83320: plain(0.0, 1),
            83321: plain(0.0, 1),
            83329: now(lambda s: s.live.pv_w),
            83330: now(lambda s: s.live.load_w),
            83331: day(lambda e: e.solar_wh),
            83332: total(lambda e: e.solar_wh),
            # The one ratio that arrives in percent (3.0)
            83334: now(lambda s: s.live.soc),
            83335: now(lambda s: s.live.stored_wh),
        },
    ),
    **only(lambda s: bool(s.home.of(PCS)), {83046: now(lambda s: s.live.battery_w)}),
    **only(
        _weather,
        {
            83012: now(irradiance),
            83013: now(lambda s: s.shot.today.solar_wh / _peak(s) * 1000 / 0.82),
            83016: now(air),
            83017: now(panel),
            83018: Point(lambda s: s.shot.today.solar_wh * 1.04, daily=True),
            83023: ratio(lambda s: 0.82 if s.shot.today.solar_wh else None),
            83010: ratio(lambda s: 0.84 if s.shot.today.solar_wh else None),
        },
    ),
}
