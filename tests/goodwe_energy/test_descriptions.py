"""Every value has one sensor, with a name and a class that fits its unit."""

from homeassistant.components.sensor.const import (
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
)
import pytest

from custom_components.goodwe_energy.const import DOMAIN
from custom_components.goodwe_energy.describe import ValueDescription
from custom_components.goodwe_energy.descriptions_device import DEVICES
from custom_components.goodwe_energy.descriptions_plant import PLANT
from custom_components.goodwe_energy.tables import TABLES, Kind

from ..translation_rules import Texts, placeholders

PLANT_ITEMS = [item for _, items in PLANT for item in items]
GROUPS: dict[str, list[ValueDescription]] = {
    "plant": PLANT_ITEMS,
    **{cls: list(items) for cls, items in DEVICES.items()},
}
ALL = [item for items in GROUPS.values() for item in items]
# What others use: the plant's sums, and what controls the charger
NOT_SENSORS = {
    "battery": {
        f"battery_{way}_{span}"
        for way in ("charge", "discharge")
        for span in ("today", "total")
    },
    "charger": {"mode", "set_power", "rated_power"},
}
TEXTS = Texts(DOMAIN).english["entity"]["sensor"]


@pytest.mark.parametrize("cls", TABLES)
def test_every_factor_has_a_sensor(cls: str) -> None:
    """With the unit that it is read in."""
    sensors = {item.key: item for item in GROUPS[cls]}
    factors = {factor.key: factor for factor in TABLES[cls]}
    assert set(factors) - set(sensors) == NOT_SENSORS.get(cls, set())
    for key, item in sensors.items():
        if (factor := factors.get(key)) is None:
            continue
        assert item.native_unit_of_measurement == factor.unit, key
        assert (item.options is not None) == (factor.kind is Kind.STATUS), key


def test_numbers_have_a_place_in_the_text() -> None:
    """What has a number or a phase says it, and nothing else wants one."""
    for item in ALL:
        used = placeholders(TEXTS[item.translation_key]["name"])
        assert used == set(item.translation_placeholders or {}), item.key


@pytest.mark.parametrize("group", GROUPS)
def test_no_two_sensors_of_a_device_have_one_name(group: str) -> None:
    """Home Assistant would number them."""
    names = [
        TEXTS[item.translation_key]["name"].format(
            **(item.translation_placeholders or {})
        )
        for item in GROUPS[group]
    ]
    assert sorted(set(names)) == sorted(names)
    keys = [item.key for item in GROUPS[group]]
    assert len(set(keys)) == len(keys)


def test_classes_fit() -> None:
    """Home Assistant accepts each unit and each state class for its device class."""
    for item in ALL:
        kind = item.device_class
        if kind is None or item.options is not None or item.money:
            continue
        if item.native_unit_of_measurement is not None:
            assert item.native_unit_of_measurement in DEVICE_CLASS_UNITS[kind], item.key
        if item.state_class is not None:
            assert item.state_class in DEVICE_CLASS_STATE_CLASSES[kind], item.key
