"""The tables of points: each id and key once, each unit one that can be shown."""

from collections import Counter

import pytest

from custom_components.sungrow_energy.enums import CODES, FAULTS, OPTIONS, slug
from custom_components.sungrow_energy.points import (
    HOME_MANAGER_TYPE,
    TABLES,
    Kind,
    by_id,
    table,
)

TYPES = (*TABLES, HOME_MANAGER_TYPE)


@pytest.mark.parametrize("device_type", TYPES)
def test_ids_and_keys_are_unique_within_a_type(device_type: int) -> None:
    """Two entities of the same name or the same point would be one too many."""
    points = table(device_type)
    for names in ([point.id for point in points], [point.key for point in points]):
        assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize(
    ("device_type", "count"),
    [
        (1, 168),
        (4, 28),
        (5, 20),
        (7, 41),
        (9, 20),
        (11, 76),
        (14, 109),
        (22, 4),
        (26, 12),
        (37, 10),
        (43, 35),
        (44, 9),
        (45, 10),
        (51, 13),
        (52, 8),
        (55, 41),
        (HOME_MANAGER_TYPE, 6),
    ],
)
def test_every_point_of_the_reference_is_there(device_type: int, count: int) -> None:
    """So many points section 3.11 has of each type, 23006 and 83202 included."""
    assert len(table(device_type)) == count


@pytest.mark.parametrize(
    ("device_type", "point_id", "key"),
    [
        (1, "45", "mppt4_voltage"),
        (1, "7738", "mppt20_current"),
        (1, "96", "string1_voltage"),
        (1, "85", "string16_current"),
        (1, "92", "string17_current"),
        (1, "7166", "string19_voltage"),
        (1, "326", "string32_current"),
        (1, "7722", "string40_current"),
        (1, "59", "pv4_power"),
        (4, "1032", "pv24_current"),
        (14, "13110", "mppt4_current"),
        (43, "58625", "module8_cell_voltage_max"),
        (43, "58626", "module1_cell_voltage_min"),
        (55, "51326", "pv6_current"),
        (55, "51352", "pv6_energy_today"),
    ],
)
def test_numbered_points_have_the_right_number(
    device_type: int, point_id: str, key: str
) -> None:
    """Ids of trackers and strings are in no order that a slip would show."""
    assert by_id(device_type)[point_id].key == key


@pytest.mark.parametrize("device_type", TYPES)
def test_counters_know_what_they_count(device_type: int) -> None:
    """The span of a counter is what its key says, and only counters have one."""
    for point in table(device_type):
        counts = point.kind in {
            Kind.ENERGY,
            Kind.REACTIVE_ENERGY,
            Kind.IRRADIATION,
            Kind.COUNT,
        }
        assert (point.span is not None) is counts, point
        if point.kind is Kind.ENERGY:
            assert point.key.endswith(f"_{point.span}"), point


def test_statuses_have_a_table() -> None:
    """Each status point names a table that can explain its codes."""
    named = {
        point.codes
        for device_type in TYPES
        for point in table(device_type)
        if point.kind is Kind.STATUS
    }
    assert named == {
        "operating_status_hybrid",
        "operating_status_inverter",
        "operating_status_micro",
        "charger_status",
    }
    assert named <= CODES.keys()


@pytest.mark.parametrize(
    ("codes", "code", "expected"),
    [
        ("operating_status_hybrid", "64", "running"),
        ("operating_status_hybrid", 16385, "emergency_charging"),
        ("operating_status_inverter", 16385, "energy_dispatch"),
        ("operating_status_micro", 4096, "backup"),
        ("operating_status_micro", 64, None),
        ("operating_status_hybrid", 3, None),
        ("plant_fault", 3, "normal"),
        ("device_fault", 4, "normal"),
        ("device_fault", 3, None),
        ("charger_status", "3.0", "charging"),
        ("charger_status", "x", None),
    ],
)
def test_codes_become_slugs(codes: str, code: object, expected: str | None) -> None:
    """What a table does not have means nothing."""
    assert slug(codes, code) == expected


def test_options_name_each_meaning_once() -> None:
    """Two codes may mean the same; a list of options may not have it twice."""
    assert all(len(set(names)) == len(names) for names in OPTIONS.values())
    assert OPTIONS["operating_status_hybrid"].count("standby") == 1


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (60005, "grid_outage"),
        (13805, "grid_outage"),
        (13895, "bypass_overcurrent"),
        (13896, "bypass_overcurrent"),
        (60095, None),
        (60031, None),
    ],
)
def test_faults_of_inverters_and_storage(code: int, name: str | None) -> None:
    """Inverters count from 60000, storage from 13800 and has four more."""
    assert FAULTS.get(code) == name
