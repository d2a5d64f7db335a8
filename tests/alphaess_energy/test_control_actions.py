"""The actions of control.md for AlphaESS: what they take, and what they answer."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import selector
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy._vendor.core.ha.control_schemas import schemas
from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.stores.common import SIDES, SWITCHES
from simulator.alphaess import AlphaEssSimulator

from ..translation_rules import Texts
from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, set_up
from .controls import Panel

LEGACY_ROWS = [
    {"start": "01:00", "end": "05:00", "mode": "charge", "soc": 90},
    {"start": "17:00", "end": "21:30", "mode": "discharge", "soc": 15},
]


@pytest.fixture
def homes() -> int:
    """One system with the legacy store and a charger, one with the periodic one."""
    return 2


@pytest.fixture
async def panel(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> Panel:
    """A running entry."""
    await set_up(hass, entry)
    return Panel(hass, sim, entry)


async def refused(panel: Panel, action: str, *serials: str, **data: Any) -> Any:
    with pytest.raises(ServiceValidationError) as caught:
        await panel.act(action, *serials, **data)
    assert all(panel.writes(serial) == [] for serial in (SYSTEM_1, SYSTEM_2))
    return caught.value


async def test_only_what_the_vendor_can_do_is_offered(panel: Panel) -> None:
    """Its windows never export, so nothing forces a discharge."""
    offered = set(panel.hass.services.async_services_for_domain(DOMAIN))
    assert offered == {
        "force_charge",
        "hold",
        "self_use",
        "set_reserve",
        "set_schedule",
        "read_schedule",
        "read_history",
        "import_history",
        "unbind_system",
    }
    assert offered == set(Texts(DOMAIN).english["services"])


async def test_what_cannot_be_is_answered_with_names_of_what_can(panel: Panel) -> None:
    err = await refused(panel, "hold", block="charge")
    assert err.translation_key == "not_supported"
    assert err.translation_placeholders["can"] == (
        "Force charge, Hold (neither charging nor discharging), "
        "Hold (no discharging), Self-use, Set reserve, Set schedule"
    )
    assert "{" not in str(err)


@pytest.mark.parametrize(
    ("serial", "action", "data", "key"),
    [
        (SYSTEM_1, "force_charge", {"power": 3000}, "no_power_setting"),
        (SYSTEM_1, "force_charge", {"duration": 0}, "duration_range"),
        (SYSTEM_1, "set_reserve", {"soc": 101}, "soc_range"),
        (SYSTEM_2, "set_reserve", {"soc": 9}, "soc_range"),
        (SYSTEM_2, "force_charge", {"power": 1e308}, "power_range"),
        (SYSTEM_2, "hold", {}, "flags_unknown"),
        (
            SYSTEM_1,
            "set_schedule",
            {"rows": [{"start": "01:05", "end": "02:00", "mode": "charge"}]},
            "off_grid_time",
        ),
        (
            SYSTEM_1,
            "set_schedule",
            {"rows": [{"start": "22:00", "end": "02:00", "mode": "charge"}]},
            "end_before_start",
        ),
        (
            SYSTEM_1,
            "set_schedule",
            {
                "rows": [
                    {"start": "01:00", "end": "02:00", "mode": "charge", "days": [1]}
                ]
            },
            "no_weekdays",
        ),
    ],
)
async def test_what_the_store_cannot_hold_is_refused_in_words(
    panel: Panel, serial: str, action: str, data: dict[str, Any], key: str
) -> None:
    err = await refused(panel, action, serial, **data)
    assert err.translation_key == key
    assert "{" not in str(err)


async def test_a_schedule_that_was_read_can_be_written_again(panel: Panel) -> None:
    await panel.act(
        "set_schedule", rows=LEGACY_ROWS, use_grid=True, enable_time_control=False
    )
    (answer,) = (await panel.act("read_schedule")).values()
    assert answer == {
        "rows": LEGACY_ROWS,
        "use_grid": True,
        "enable_time_control": False,
    }
    count = len(panel.writes())
    assert count == 2
    again = await panel.act("set_schedule", **answer)
    assert again[SYSTEM_1]["outcome"] == "unchanged"
    assert len(panel.writes()) == count


async def test_a_weekly_schedule_that_was_read_can_be_written_again(
    panel: Panel,
) -> None:
    """Once somebody has said whether its sides are on."""
    first = (await panel.act("read_schedule", SYSTEM_2))[SYSTEM_2]
    assert set(first) == {"rows"}
    assert {"start", "end", "mode", "soc", "power", "days"} == set(first["rows"][0])
    answer = await panel.act(
        "set_schedule", SYSTEM_2, **first, use_grid=True, enable_time_control=True
    )
    assert answer[SYSTEM_2]["outcome"] == "applied"
    second = (await panel.act("read_schedule", SYSTEM_2))[SYSTEM_2]
    assert second == {**first, "use_grid": True, "enable_time_control": True}
    again = await panel.act("set_schedule", SYSTEM_2, **second)
    assert again[SYSTEM_2]["outcome"] == "unchanged"


async def test_a_charger_stands_for_its_system(panel: Panel) -> None:
    answer = await panel.act("set_reserve", CHARGER, soc=25)
    assert answer[CHARGER]["outcome"] == "applied"
    assert panel.system.discharge.stored["batUseCap"] == 25


async def test_a_system_without_a_battery(panel: Panel) -> None:
    runtime = panel.entry.runtime_data
    system = runtime.systems[SYSTEM_1]
    system.control = None
    assert (await refused(panel, "self_use")).translation_key == "no_control_yet"
    system.site = type(system.site)(serial=SYSTEM_1)
    assert (await refused(panel, "self_use")).translation_key == "no_battery"


async def test_control_that_is_off(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Nothing is forced any more, but everything can be let go."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"allow_control": False})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    panel = Panel(hass, sim, entry)
    for action, data in (
        ("force_charge", {}),
        ("hold", {}),
        ("set_reserve", {"soc": 20}),
        ("set_schedule", {"use_grid": True}),
    ):
        err = await refused(panel, action, **data)
        assert err.translation_key == "control_off"
    answer = await panel.act("self_use")
    assert answer[SYSTEM_1]["outcome"] == "unchanged"
    assert "rows" in (await panel.act("read_schedule"))[SYSTEM_1]


def test_examples_and_fields_fit_the_schemas() -> None:
    """What services.yaml offers can be called."""
    described = load_yaml_dict(str(Texts(DOMAIN).folder / "services.yaml"))
    for action, schema in schemas(SIDES, tuple(SWITCHES)).items():
        if action not in described:
            continue
        fields = described[action]["fields"]
        for name, field in fields.items():
            selector(field["selector"])
            if name == "device_id" or "example" not in field:
                continue
            example = field["example"]
            if isinstance(example, str) and example.startswith("["):
                example = json.loads(example)
            needed = {"soc": 20} if action == "set_reserve" else {}
            schema({"device_id": ["x"], **needed, name: example})
