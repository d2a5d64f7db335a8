"""Rows 43 and 48 for control: who may give orders, and with which words."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio
import pytest

from custom_components.growatt_energy.const import DOMAIN
from tests.growatt_energy.orders.room import Room

ROWS = [{"start": "02:00", "end": "05:00", "mode": "battery_first"}]
RAW = {"type": "charge_power", "parameters": ["50"]}
ACTIONS: dict[str, dict[str, Any]] = {
    "force_charge": {},
    "force_discharge": {},
    "hold": {},
    "self_use": {},
    "set_reserve": {"soc": 30},
    "set_export_limit": {"unlimited": True},
    "set_schedule": {"rows": ROWS},
    "read_schedule": {},
    "sync_clock": {},
    "update_time_segment": {"segment_id": 1, "enabled": True},
    "read_time_segments": {},
    "write_ac_charge_times": {"charge_power": 50},
    "read_ac_charge_times": {},
    "write_ac_discharge_times": {"discharge_power": 50},
    "read_ac_discharge_times": {},
    "update_inverter_setting": RAW,
    "update_plant_settings": {"settings": {"plantName": "x"}},
    "read_cloud": {"what": "plant_detail"},
    "read_history": {"date": "2026-05-11"},
    "import_history": {"start": "2026-05-11"},
}


@pytest.mark.parametrize("action", ACTIONS)
async def test_row_48_who_may_only_look_moves_nothing(
    hass: HomeAssistant, room: Room, hass_read_only_user: User, action: str
) -> None:
    """`Unauthorized`; nothing is asked of the cloud."""
    await room.start()
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ACTIONS)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": room.device_id(), **ACTIONS[action]},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert room.sim.counters.count() == 0


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("force_charge", {"power": "NaN"}, "not_a_number"),
    ("force_charge", {"power": 1e308}, "power_range"),
    ("force_discharge", {"power": -1}, "power_range"),
    ("force_charge", {"target_soc": float("inf")}, "not_a_number"),
    ("set_reserve", {"soc": "-inf"}, "not_a_number"),
    ("set_reserve", {"soc": 4}, "soc_range"),
    ("hold", {"duration": {"hours": float("inf")}}, "duration_range"),
    ("hold", {"until": "0001-01-01 00:00:00"}, "until_past"),
    ("set_schedule", {"rows": [ROWS[0] | {"power": 1e308}]}, "power_range"),
    ("set_schedule", {"rows": [ROWS[0] | {"soc": "NaN"}]}, "not_a_number"),
    ("set_schedule", {"rows": [ROWS[0] | {"days": [1]}]}, "no_weekdays"),
    ("set_schedule", {"rows": ROWS * 2}, "rows_overlap"),
    ("update_time_segment", {"segment_id": 1e308}, "setting_range"),
    (
        "update_inverter_setting",
        {"type": "safetyNum", "parameters": ["1"]},
        "setting_not_allowed",
    ),
    (
        "update_inverter_setting",
        {"type": "charge_power", "parameters": ["1&type=safetyNum"]},
        "parameter_unknown",
    ),
]


@pytest.mark.parametrize(("action", "data", "text"), HOSTILE)
async def test_row_43_hostile_values_are_refused_in_words(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    await room.start()
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert info.value.translation_key == text
    assert room.sent == 0


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("force_charge", {"power": "x" * 10_000_000}),
        ("force_charge", {"power": [1]}),
        ("hold", {"block": "\ud800"}),
        ("set_schedule", {"rows": [ROWS[0] | {"mode": "charge"}]}),
        ("set_schedule", {"rows": [ROWS[0]] * 101}),
        ("set_schedule", {}),
        ("update_time_segment", {"segment_id": True}),
        ("write_ac_charge_times", {"charge_power": "x" * 10_000_000}),
        ("update_inverter_setting", {**RAW, "parameters": ["\ud800"]}),
        ("update_inverter_setting", {**RAW, "parameters": ["1"] * 1_000}),
        ("update_plant_settings", {"settings": {"plantName": "x" * 10_000_000}}),
    ],
)
async def test_row_43_hostile_shapes_are_refused_by_the_schema(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    await room.start()
    with pytest.raises(probatio.Invalid):
        await room.call(action, **data)
    assert room.sent == 0
