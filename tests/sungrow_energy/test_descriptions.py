"""Every point has one sensor, with a name, a class that fits its unit, and an id."""

from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
)
import pytest

from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.describe import (
    Lasting,
    PointDescription,
    identity,
    named,
)
from custom_components.sungrow_energy.descriptions_plant import PLANT_VALUES
from custom_components.sungrow_energy.descriptions_points import DEVICES, of_type
from custom_components.sungrow_energy.points import PLANT, TABLES

from ..translation_rules import Texts, placeholders

ALL: list[PointDescription] = [
    *PLANT_VALUES,
    *(item for items in DEVICES.values() for item in items),
]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("mppt12_voltage", ("mppt_n_voltage", "12")),
        ("temperature_3", ("temperature_n", "3")),
        ("phase_b_current", ("phase_n_current", "2")),
        ("channel2_phase_c_power", ("channel2_phase_n_power", "3")),
        ("channel2_power", ("channel2_power", None)),
        ("pv6_energy_total", ("pv_n_energy_total", "6")),
        ("module_temperature_max", ("module_temperature_max", None)),
    ],
)
def test_names_of_what_there_is_several_times(
    key: str, name: tuple[str, str | None]
) -> None:
    """They share one text with the number in it; other numbers are left alone."""
    text, number = name
    assert named(key) == (text, {"number": number} if number else None)


def test_numbers_have_a_place_in_the_text() -> None:
    """What has a number says it, and nothing else wants one."""
    texts = Texts(DOMAIN).english["entity"]["sensor"]
    for item in ALL:
        used = placeholders(texts[item.translation_key]["name"])
        assert used == set(item.translation_placeholders or {}), item.key


def test_every_point_has_a_sensor() -> None:
    """Of each table, under the point's own id."""
    for device_type, points in TABLES.items():
        found = PLANT_VALUES if points is PLANT else of_type(device_type)
        ids = [item.identity for item in found]
        assert len(ids) == len(set(ids))
        assert {point.id for point in points} <= set(ids)


def test_no_two_sensors_of_a_device_have_one_name() -> None:
    """Home Assistant would number them."""
    texts = Texts(DOMAIN).english["entity"]["sensor"]
    for device_type, items in {**DEVICES, 11: PLANT_VALUES}.items():
        names = [
            texts[item.translation_key]["name"].format(
                **(item.translation_placeholders or {})
            )
            for item in items
        ]
        twice = {name for name in names if names.count(name) > 1}
        assert not twice, (device_type, twice)


def test_classes_fit() -> None:
    """Home Assistant accepts each unit and each state class for its device class."""
    for item in ALL:
        kind = item.device_class
        if kind is None or item.options is not None:
            continue
        assert item.native_unit_of_measurement in DEVICE_CLASS_UNITS[kind], item.key
        if item.state_class is not None:
            assert item.state_class in DEVICE_CLASS_STATE_CLASSES[kind], item.key


def test_unique_ids_are_those_of_points() -> None:
    """So a renamed key keeps its entity (reference section 8.2)."""
    assert identity(11, "pv_energy_total") == "83024"
    assert identity(14, "battery_soc") == "13141"
    assert identity(43, "power") == "power"
    assert identity(99, "anything") == "anything"


def test_counters_last() -> None:
    """Those of the day until it ends, those since ever for ever, powers neither."""
    lasting = {item.key: item.lasting for item in of_type(14)}
    assert lasting["pv_energy_today"] is Lasting.TODAY
    assert lasting["pv_energy_total"] is Lasting.TOTAL
    assert lasting["active_power"] is Lasting.LIVE
