"""Rows 43 and 48 for control: who may give orders, and with which words."""

from datetime import datetime, timedelta
import json
from typing import Any

from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, Unauthorized
import probatio
import pytest

from custom_components.alphaess_energy.const import DOMAIN
from tests.alphaess_energy.conftest import CHARGER
from tests.alphaess_energy.orders.room import BOTH_STORES, PERIODIC_STORE, Room

from .test_writes import ROWS, key

ACTIONS: dict[str, dict[str, Any]] = {
    "force_charge": {},
    "hold": {},
    "self_use": {},
    "set_reserve": {"soc": 30},
    "set_schedule": {"rows": ROWS},
    "read_schedule": {},
}


@pytest.mark.parametrize("action", ACTIONS)
async def test_row_48_who_may_only_look_moves_no_battery(
    hass: HomeAssistant, room: Room, hass_read_only_user: User, action: str
) -> None:
    """`Unauthorized`; nothing is asked of the cloud."""
    await room.start()
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
    assert room.mode == "self_use"


@pytest.mark.parametrize(
    ("platform", "entity", "service", "data"),
    [
        ("select", "battery_mode", "select_option", {"option": "force_charge"}),
        ("number", "charge_limit", "set_value", {"value": 50}),
        ("switch", "grid_charge", "turn_on", {}),
        ("time", "charge_start_1", "set_value", {"time": "02:00:00"}),
        ("button", f"{CHARGER}_ev_start", "press", {}),
    ],
)
async def test_row_48_who_may_only_look_moves_no_entity(
    hass: HomeAssistant,
    room: Room,
    hass_read_only_user: User,
    platform: str,
    entity: str,
    service: str,
    data: dict[str, Any],
) -> None:
    """Home Assistant checks entities itself; so it must be entities that are used."""
    await room.start()
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            platform,
            service,
            {"entity_id": room.entity_id(platform, entity), **data},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert room.system.writes == []


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("force_charge", {"target_soc": float("nan")}, "not_a_number"),
    ("force_charge", {"target_soc": "NaN"}, "not_a_number"),
    ("force_charge", {"target_soc": float("inf")}, "not_a_number"),
    ("force_charge", {"target_soc": 1e308}, "soc_range"),
    ("force_charge", {"target_soc": 100.5}, "soc_range"),
    ("force_charge", {"target_soc": -5}, "soc_range"),
    ("set_reserve", {"soc": "-inf"}, "not_a_number"),
    ("set_reserve", {"soc": 1000}, "soc_range"),
    ("force_charge", {"duration": 0}, "duration_range"),
    ("force_charge", {"duration": {"minutes": -5}}, "duration_range"),
    ("force_charge", {"duration": {"days": 365}}, "duration_range"),
    ("force_charge", {"duration": {"hours": float("inf")}}, "duration_range"),
    ("force_charge", {"duration": 1e308}, "duration_range"),
    ("hold", {"until": "2026-05-12 11:00:00"}, "until_past"),
    ("hold", {"until": "2027-05-12 11:00:00"}, "duration_range"),
    ("hold", {"until": "0001-01-01 00:00:00"}, "until_past"),
    ("set_reserve", {"soc": 20, "duration": {"seconds": 30}}, "duration_range"),
]


@pytest.mark.parametrize(("action", "data", "text"), HOSTILE)
async def test_row_43_senseless_orders_are_answered_in_the_users_language(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    """Nothing is sent; the text exists and all of its placeholders are filled."""
    await room.start()
    room.sim.counters.reset()
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert key(info) == text
    assert "{" not in str(info.value)
    assert room.sim.counters.count() == 0


@PERIODIC_STORE
@pytest.mark.parametrize("power", [float("nan"), "inf", 1e308, -1, 10**400])
async def test_row_43_senseless_powers(room: Room, power: Any) -> None:
    """The store that has powers refuses those that are none."""
    await room.start(assume_enabled=True)
    with pytest.raises(HomeAssistantError) as info:
        await room.call("force_charge", power=power)
    assert key(info) in {"not_a_number", "power_range"}
    assert room.sent == 0


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("force_charge", {"target_soc": "a" * 10_000_000}),
        ("force_charge", {"target_soc": True}),
        ("force_charge", {"power": "fünf"}),
        ("force_charge", {"until": "soon"}),
        ("force_charge", {"duration": 60, "until": "13:00"}),
        ("force_charge", {"duration": {"minutes": "x" * 1000}}),
        ("force_charge", {"surprise": 1}),
        ("hold", {"block": "everything"}),
        ("hold", {"block": "b" * 10_000_000}),
        ("set_reserve", {}),
        ("set_schedule", {}),
        ("set_schedule", {"rows": [{"start": "01:00"}]}),
        ("set_schedule", {"rows": [{**ROWS[0], "mode": "both"}]}),
        ("set_schedule", {"rows": [ROWS[0]] * 101}),
        ("set_schedule", {"rows": [{**ROWS[0], "days": ["noday"]}]}),
    ],
)
async def test_row_43_another_shape_is_refused(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    """By the schema, in a message of bounded length."""
    await room.start()
    with pytest.raises(probatio.Invalid) as info:
        await room.call(action, **data)
    assert len(str(info.value)) < 1000
    assert room.sent == 0


@pytest.mark.parametrize("action", ["force_charge", "self_use", "read_schedule"])
async def test_row_43_unknown_devices(
    hass: HomeAssistant, room: Room, action: str
) -> None:
    """What is no device, or none of ours, is named."""
    await room.start()
    room.sim.counters.reset()
    for device in ("unknown", "✈" * 60):
        with pytest.raises(HomeAssistantError, match=device):
            await hass.services.async_call(
                DOMAIN,
                action,
                {"device_id": [room.device, device]},
                blocking=True,
                return_response=True,
            )
    assert room.sim.counters.count() == 0


@BOTH_STORES
@pytest.mark.parametrize(
    ("until", "local"),
    [
        pytest.param("2026-05-12 13:00:00", "13:00", id="date selector"),
        pytest.param("2026-05-12T13:00:00+02:00", "13:00", id="with a zone"),
        pytest.param("2026-05-12T11:00:00Z", "13:00", id="UTC"),
        pytest.param("13:00", "13:00", id="time"),
        pytest.param("13:00:00", "13:00", id="time selector"),
    ],
)
async def test_an_end_as_home_assistants_selectors_send_it(
    room: Room, until: str, local: str
) -> None:
    """A moment without a zone is one of Home Assistant's zone."""
    await room.start(assume_enabled=True)
    answer = await room.call("force_charge", target_soc=90, until=until)
    assert answer["expires_at"] == f"2026-05-12T{local}:00+02:00"
    ends = datetime.fromisoformat(room.state("sensor", "control_ends"))
    assert ends == datetime.fromisoformat(answer["expires_at"])
    assert json.dumps(answer)
    assert ends - room.now < timedelta(hours=1)
