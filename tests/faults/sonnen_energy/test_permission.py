"""Rows 43 and 48 for control: who may give orders, and with which words."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio
import pytest

from custom_components.sonnen_energy.const import DOMAIN
from tests.sonnen_energy.orders.room import Room

ROWS = [{"start": "02:00", "end": "05:00", "mode": "charge", "power": 8000}]
ACTIONS: dict[str, dict[str, Any]] = {
    "force_charge": {},
    "force_discharge": {},
    "hold": {},
    "self_use": {},
    "set_reserve": {"soc": 30},
    "set_backup_reserve_to_current": {},
    "set_schedule": {"rows": ROWS},
    "read_schedule": {},
}


@pytest.mark.parametrize("action", ACTIONS)
async def test_row_48_who_may_only_look_moves_no_battery(
    hass: HomeAssistant, room: Room, hass_read_only_user: User, action: str
) -> None:
    """`Unauthorized`; nothing is asked of the battery."""
    await room.start()
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ACTIONS)
    room.sim.counters.reset()
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": room.device, **ACTIONS[action]},
            blocking=True,
            return_response=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert room.sim.counters.count() == 0


@pytest.mark.parametrize(
    ("platform", "key", "service", "data"),
    [
        ("select", "battery_mode", "select_option", {"option": "force_charge"}),
        ("number", "backup_reserve", "set_value", {"value": 50}),
        ("switch", "forecast_charging", "turn_on", {}),
    ],
)
async def test_row_48_who_may_only_look_moves_no_entity(
    hass: HomeAssistant,
    room: Room,
    hass_read_only_user: User,
    platform: str,
    key: str,
    service: str,
    data: dict[str, Any],
) -> None:
    await room.start()
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            platform,
            service,
            {"entity_id": room.entity_id(platform, key), **data},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert room.sent == 0


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("force_charge", {"power": "NaN"}, "not_a_number"),
    ("force_charge", {"power": 1e308}, "power_range"),
    ("force_discharge", {"power": -1}, "power_range"),
    ("force_charge", {"target_soc": float("inf")}, "not_a_number"),
    ("set_reserve", {"soc": "-inf"}, "not_a_number"),
    ("set_reserve", {"soc": 4.4}, "reserve_gap"),
    ("set_backup_reserve_to_current", {"offset": "NaN"}, "not_a_number"),
    ("hold", {"duration": {"hours": float("inf")}}, "duration_range"),
    ("hold", {"until": "0001-01-01 00:00:00"}, "until_past"),
    ("set_schedule", {"rows": [ROWS[0] | {"power": 1e308}]}, "power_range"),
    ("set_schedule", {"rows": [ROWS[0] | {"power": "NaN"}]}, "not_a_number"),
]


@pytest.mark.parametrize(("action", "data", "text"), HOSTILE)
async def test_row_43_hostile_numbers_are_refused_in_words(
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
        ("set_schedule", {"rows": [ROWS[0] | {"mode": "discharge"}]}),
        ("set_schedule", {"rows": [ROWS[0]] * 101}),
        ("set_schedule", {}),
        ("set_backup_reserve_to_current", {"minimum": True}),
    ],
)
async def test_row_43_hostile_shapes_are_refused_by_the_schema(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    await room.start()
    with pytest.raises(probatio.Invalid):
        await room.call(action, **data)
    assert room.sent == 0
