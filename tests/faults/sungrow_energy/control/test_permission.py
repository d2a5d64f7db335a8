"""Rows 43 and 48 for control: who may give orders, and with which words."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio
import pytest

from custom_components.sungrow_energy.const import DOMAIN
from tests.sungrow_energy.orders.room import Room

ROWS = [{"start": "02:00", "end": "05:00", "mode": "force_charge"}]
ACTIONS: dict[str, dict[str, Any]] = {
    "force_charge": {},
    "force_discharge": {},
    "hold": {},
    "self_use": {},
    "set_reserve": {"soc": 30},
    "set_export_limit": {"unlimited": True},
    "set_schedule": {"rows": ROWS},
    "read_schedule": {},
    "read_parameters": {"parameters": ["10001"]},
    "update_parameters": {"parameters": {"10001": 90}},
    "list_points": {},
    "read_history": {"start": "2026-05-11"},
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
    ("set_reserve", {"soc": 51}, "soc_range"),
    ("hold", {"duration": {"hours": float("inf")}}, "duration_range"),
    ("hold", {"until": "0001-01-01 00:00:00"}, "until_past"),
    ("set_schedule", {"rows": [ROWS[0] | {"power": 1000}]}, "no_power_setting"),
    ("set_schedule", {"rows": [ROWS[0] | {"soc": "NaN"}]}, "not_a_number"),
    ("set_schedule", {"rows": [ROWS[0] | {"days": [1]}]}, "days_all_or_working"),
    ("set_schedule", {"rows": ROWS * 2}, "rows_overlap"),
    ("update_parameters", {"parameters": {"10001": "1e308"}}, "parameter_value"),
    ("update_parameters", {"parameters": {"10001": "９５"}}, "parameter_value"),
    ("update_parameters", {"parameters": {"10041": 1}}, "parameter_forbidden"),
    ("read_parameters", {"parameters": ["10001&x=1"]}, "unknown_parameter"),
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
        ("read_parameters", {"parameters": []}),
        ("read_parameters", {"parameters": [True]}),
        ("read_parameters", {"parameters": ["10001"] * 1_000}),
        ("update_parameters", {"parameters": {"10001": "x" * 10_000_000}}),
        ("update_parameters", {"parameters": {"10001": {}}}),
        ("update_parameters", {"parameters": "10001"}),
    ],
)
async def test_row_43_hostile_shapes_are_refused_by_the_schema(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    await room.start()
    with pytest.raises(probatio.Invalid):
        await room.call(action, **data)
    assert room.sent == 0
