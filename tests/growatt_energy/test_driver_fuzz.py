"""Whatever is sent or was stored: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.growatt_energy import driver, history_records
from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy.families import Family
from tests.odd_json import anything, assert_plain, damaged

from .recorded import LATER, classic_mix, recorded

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=25)
SERIAL = "X"


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


RECORDS = {
    Family.MIN: recorded("tlx_last_data"),
    Family.SPH: classic_mix(),
    Family.SPA: recorded("spa_last_data"),
    Family.NOAH: recorded("noah_last"),
    Family.STORAGE: recorded("storage_params")["storageDetailBean"],
    Family.MAX: recorded("inverter_detail"),
    Family.WIT: recorded("mix_last_data"),
}
DOCUMENTS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "plants": (lambda raw: driver.plants(raw, LATER), recorded("plant_list")["plants"]),
    "plant": (
        lambda raw: driver.plant(raw, LATER),
        {
            "data": recorded("plant_data"),
            "power": recorded("plant_power"),
            "info": recorded("plant_info"),
            "settings": recorded("plant_settings"),
        },
    ),
    "devices": (
        lambda raw: driver.devices(raw, LATER),
        {
            "list": recorded("device_list")["devices"],
            "query": [{"deviceSn": "N", "deviceType": "noah"}],
            "info": {"TPJ0CD4001": recorded("tlx_data_info")},
            "models": {"TPJ0CD4001": recorded("check_sn")},
            "loggers": recorded("plant_info")["datalogList"],
            "meters": {"L": [{"address": 1, "lost": True}]},
        },
    ),
    "alarms": (lambda raw: driver.alarms(raw, LATER), [{"alarm_code": 1}]),
    "signal": (lambda raw: driver.signal(raw, LATER), {"dbm": -60}),
}


@pytest.mark.parametrize("family", RECORDS)
@PROPERTY
@given(data=st.data())
def test_any_record(family: Family, data: st.DataObject) -> None:
    """Powers of one direction are not negative, numbers are finite, texts clean."""
    record = data.draw(damaged(RECORDS[family]))
    if isinstance(record, dict):
        record.pop("serialNum", None)
        record.pop("deviceSn", None)
    for reading in driver.live({SERIAL: record}, LATER, family).devices.values():
        assert reading.observed_at is None or reading.observed_at <= LATER
        for key, value in reading.values.items():
            assert_plain(value)
            if key.endswith(("import_power", "export_power", "charge_power", "soc")):
                assert isinstance(value, float)
                assert value >= 0, key


@pytest.mark.parametrize("name", DOCUMENTS)
@PROPERTY
@given(data=st.data())
def test_any_document(name: str, data: st.DataObject) -> None:
    """A decoded document, or bad data."""
    decode, sample = DOCUMENTS[name]
    raw = data.draw(st.one_of(damaged(sample), anything))
    try:
        decode(raw)
    except BadDataError:
        return


@PROPERTY
@given(data=st.data())
def test_any_history(data: st.DataObject) -> None:
    """Hours of energy are never negative."""
    keys = ("time", "calendar", "serialNum", "epvTotal", "eacTotal", "etoUserTotal")
    sample = {key: recorded("tlx_last_data")[key] for key in keys}
    later = sample | {"time": "2026-02-22 09:08:40", "calendar": 1771722520000}
    rows = [data.draw(damaged(one)) for one in (sample, later)]
    found = history_records.hourly(
        Family.MIN, [row for row in rows if isinstance(row, dict)], {}, now=LATER
    )
    assert all(kwh >= 0 for series in found.values() for kwh in series.values())
