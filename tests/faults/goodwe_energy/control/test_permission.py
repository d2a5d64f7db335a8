"""Rows 43 and 48 for control: who may give orders, and with which words."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio
import pytest

from custom_components.goodwe_energy.const import DOMAIN
from tests.goodwe_energy.orders.room import Room

ROW = {"start": "02:00", "end": "05:00", "mode": "charge"}
ACTIONS: dict[str, dict[str, Any]] = {
    "force_charge": {},
    "force_discharge": {},
    "self_use": {},
    "set_reserve": {"soc": 30},
    "set_export_limit": {"unlimited": True},
    "set_schedule": {"rows": [ROW]},
    "read_schedule": {},
    "set_tou_slot": {"slot": 1, "enabled": True},
    "get_settings": {},
    "read_history": {"start": "2026-05-11"},
    "import_history": {"start": "2026-05-11"},
}


async def test_row_48_who_may_only_look_moves_nothing(
    hass: HomeAssistant, room: Room, hass_read_only_user: User
) -> None:
    """`Unauthorized`; nothing is asked of the cloud."""
    await room.start()
    assert set(hass.services.async_services_for_domain(DOMAIN)) == set(ACTIONS)
    for action, data in ACTIONS.items():
        with pytest.raises(Unauthorized):
            await hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": room.device_id(), **data},
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
    ("force_discharge", {"target_soc": 60}, "soc_below_target"),
    ("force_charge", {"target_soc": 40}, "soc_above_target"),
    ("set_reserve", {"soc": "-inf"}, "not_a_number"),
    ("set_reserve", {"soc": 101}, "soc_range"),
    ("set_export_limit", {"percent": 30}, "export_watts_only"),
    ("force_charge", {"duration": {"hours": float("inf")}}, "duration_range"),
    ("force_charge", {"until": "0001-01-01 00:00:00"}, "until_past"),
    ("set_schedule", {"rows": [ROW | {"soc": "NaN"}]}, "not_a_number"),
    ("set_schedule", {"rows": [ROW | {"soc": 33.3}]}, "soc_range"),
    ("set_schedule", {"rows": [ROW | {"power": 10_001}]}, "power_range"),
    ("set_schedule", {"rows": [ROW, ROW]}, "rows_overlap"),
    ("set_tou_slot", {"slot": 1e308, "power": 1}, "setting_range"),
    ("set_tou_slot", {"slot": 1, "power": "nan"}, "not_a_number"),
]


async def test_row_43_hostile_values_are_refused_in_words(room: Room) -> None:
    """In one Home Assistant: nothing of a refused order stays."""
    await room.start()
    for action, data, text in HOSTILE:
        with pytest.raises(HomeAssistantError) as info:
            await room.call(action, **data)
        assert info.value.translation_key == text, (action, data)
        assert "{" not in str(info.value)
    assert room.sent == 0


SHAPELESS: list[tuple[str, dict[str, Any]]] = [
    ("force_charge", {"power": "x" * 10_000_000}),
    ("force_charge", {"power": [1]}),
    ("hold", {"block": "\ud800"}),
    ("set_schedule", {"rows": [ROW | {"mode": "hold"}]}),
    ("set_schedule", {"rows": [ROW] * 101}),
    ("set_schedule", {"off_grid_mode": True}),
    ("set_schedule", {}),
    ("set_tou_slot", {"slot": 1, "mode": "x" * 10_000_000}),
    ("set_tou_slot", {"slot": 1, "months": list(range(1, 13)) * 1000}),
    ("set_tou_slot", {"slot": {}, "power": 1}),
    ("set_tou_slot", {"slot": 1, "TOUWeekEnable": 249}),
    ("get_settings", {"names": ["INVCurrentWorkMode"]}),
]


async def test_row_43_hostile_shapes_are_refused_by_the_schema(room: Room) -> None:
    await room.start()
    for action, data in SHAPELESS:
        if action == "hold":
            # No GoodWe can be held
            assert not room.hass.services.has_service(DOMAIN, action)
            continue
        with pytest.raises(probatio.Invalid):
            await room.call(action, **data)
    assert room.sent == 0
