"""Whatever is sent or was stored: a reading, or ``BadDataError`` (fault matrix row 8)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sungrow_energy import driver, history_records
from custom_components.sungrow_energy._vendor.core.client.errors import BadDataError
from custom_components.sungrow_energy.chains import Known
from custom_components.sungrow_energy.derived import plant_values
from custom_components.sungrow_energy.points import TABLES, table
from tests.odd_json import anything, assert_plain, damaged

from . import wire

NOW = datetime(2026, 9, 2, 13, 20, tzinfo=UTC)
STEADY = {
    "from": "pv_energy_total@14",
    "parts": {"5_1_1_1": [4.0, "2026-09-01T10:00:00+02:00"]},
    "offset": -2.0,
    "silent": ["2026-09-01T10:00:00+02:00", "2026-09-02T15:00:00+02:00"],
}
PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=20)


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


def zone_of(_plant_id: str | None) -> tzinfo:
    """All plants are in UTC."""
    return UTC


DOCUMENTS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "plants": (lambda raw: driver.plants(raw, NOW), wire.PLANTS),
    "devices": (lambda raw: driver.devices(raw, NOW), wire.DEVICES),
    "plants_live": (
        lambda raw: driver.plants_live(raw, NOW, zone_of),
        wire.PLANT_POINTS,
    ),
    "live": (lambda raw: driver.live(raw, NOW, 14, zone_of), wire.HYBRID),
    "faults": (lambda raw: driver.faults(raw, NOW, zone_of), [wire.FAULT]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
@PROPERTY
@given(data=st.data())
def test_any_document_is_decoded_or_refused(name: str, data: st.DataObject) -> None:
    """Odd values become unknown, never an exception or a number that is none."""
    decode, sample = DOCUMENTS[name]
    raw = data.draw(st.one_of(damaged(sample), anything))
    with suppress(BadDataError):
        assert_plain(decode(raw))


@pytest.mark.parametrize("device_type", TABLES)
@PROPERTY
@given(data=st.data())
def test_any_sample_is_decoded(device_type: int, data: st.DataObject) -> None:
    """Each point of each type bears whatever is sent for it."""
    row = {f"p{point.id}": "1" for point in table(device_type)[:8]}
    sample = {"device_point_list": [{"ps_key": "5_1_1_1", **row}]}
    raw = data.draw(damaged(sample))
    try:
        live = driver.live(raw, NOW, device_type, zone_of)
    except BadDataError:
        return
    assert_plain(live)
    memory = data.draw(damaged({"pv_energy_total": STEADY}))
    if isinstance(memory, dict):
        known = Known(now=NOW, devices=list(live.devices.values()))
        assert_plain(plant_values(known, memory))


@PROPERTY
@given(data=st.data())
def test_any_history_is_counted(data: st.DataObject) -> None:
    """What is no counter makes no energy, and energy is never negative."""
    rows = [
        {"time_stamp": f"202609011{n}0000", "p83024": f"{1000 * n}"} for n in range(5)
    ]
    raw = data.draw(damaged(rows))
    listed = (
        [row for row in raw if isinstance(row, dict)] if isinstance(raw, list) else []
    )
    found = history_records.hourly({"solar": "83024"}, listed, UTC, {})
    assert all(value >= 0 for value in found.get("solar", {}).values())
    assert_plain(found)
    periods = data.draw(damaged({"p83022": [{"time_stamp": "20260801", "2": "5"}]}))
    assert_plain(history_records.totals({"solar": "83022"}, periods))
