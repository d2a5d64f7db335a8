"""Control entities: which there are, and what a hand does with them."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.sungrow_energy.const import DOMAIN

from ..entities import table
from ..platforms import only
from .room import COMMAND, MODE, Room

SETTERS = ("button", "number", "select", "switch", "time")
# The settings are read again after so many minutes.
HOUR = 61
BATTERY = (
    "battery_mode",
    "force_",
    "backup_reserve",
    "charge_",
    "discharge_",
    *(f"param_{code}" for code in (10003, 10004, 10005, 10024)),
    *(f"param_{code}" for code in range(10065, 10077)),
    *(f"param_{code}" for code in (10082, 10083, 10085, 10086)),
)


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a hybrid with a battery if the test names no other."""
    return (getattr(request, "param", "hybrid"),)


def ours(room: Room) -> list[str]:
    """Return the platform and unique id of each entity that controls something."""
    return sorted(
        f"{entity.domain} {entity.unique_id.partition('_')[2]}"
        for entity in er.async_get(room.hass).entities.values()
        if entity.platform == DOMAIN
        and (entity.domain in SETTERS or "control" in entity.unique_id)
    )


def reads(room: Room) -> int:
    """Return how many tasks were handed in."""
    return room.sim.counters.count("*paramSetting")


@pytest.mark.parametrize(
    "homes",
    ["hybrid", "two_batteries", "string", "storage", "hybrid_without_battery"],
    indirect=True,
)
async def test_snapshot(room: Room, snapshot: SnapshotAssertion) -> None:
    platforms = [Platform(name) for name in SETTERS]
    with only(*platforms, all_enabled=False):
        await room.start()
    assert table(room.hass, *SETTERS) == snapshot


@pytest.mark.parametrize("homes", ["string", "hybrid_without_battery"], indirect=True)
async def test_without_a_battery_nothing_controls_one(room: Room) -> None:
    """Such a command can stop an inverter (reference section 6.5)."""
    await room.start()
    found = [one.partition(" ")[2] for one in ours(room)]
    assert {"param_10008", "export_limit"} <= set(found)
    assert [one for one in found if one.startswith(BATTERY)] == []
    for action, data in (
        ("force_charge", {}),
        ("hold", {}),
        ("set_reserve", {"soc": 20}),
        ("update_parameters", {"parameters": {"10004": "Charge"}}),
        ("update_parameters", {"parameters": {"forced_charging": True}}),
    ):
        with pytest.raises(ServiceValidationError):
            await room.call(action, **data)
    assert room.sent == 0


async def test_control_is_off_unless_it_is_allowed(room: Room) -> None:
    await room.start(allow=False)
    assert ours(room) == []
    assert room.sim.quota.counts.get("platform/paramSetting", 0) == 0
    with pytest.raises(ServiceValidationError, match="turned off"):
        await room.charge()
    assert room.sent == 0


async def test_entities_go_when_control_is_turned_off(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    assert len(ours(room)) > 30
    room.hass.config_entries.async_update_entry(
        room.entry, options={"allow_control": False}
    )
    await room.reload()
    await room.minutes(5)
    assert ours(room) == []
    assert room.stored == before


@pytest.mark.parametrize(("switch", "value"), [("check", "0"), ("allowed", False)])
async def test_what_the_device_refuses_has_no_entity(
    room: Room, switch: str, value: Any
) -> None:
    for device in room.sim.devices.values():
        setattr(device.switches, switch, value)
    await room.start()
    assert [one for one in ours(room) if "param_" in one] == []
    assert not room.has("select", "battery_mode")


async def test_nobody_looks_so_nothing_is_read(room: Room) -> None:
    """Settings that no entity shows cost no requests (reference section 5)."""
    await room.start()
    registry = er.async_get(room.hass)
    for entity in list(registry.entities.values()):
        if entity.domain in SETTERS:
            registry.async_update_entity(
                entity.entity_id, disabled_by=er.RegistryEntryDisabler.USER
            )
    await room.reload()
    await room.minutes(HOUR)
    room.sim.counters.reset()
    await room.minutes(3 * HOUR)
    assert reads(room) == 0


async def test_settings_are_read_each_hour(room: Room) -> None:
    await room.start()
    room.device.write_as_app(p10002=300)
    assert room.state("number", "backup_reserve") != "30"
    await room.minutes(HOUR)
    assert room.state("number", "backup_reserve") == "30"
    # Five tasks: 40 codes in tens, and one that can only be read alone
    assert reads(room) <= 8


@pytest.mark.parametrize(
    ("platform", "key", "data", "code", "raw", "shown"),
    [
        ("number", "backup_reserve", {"value": 25}, 10002, 250, "25"),
        ("number", "charge_limit", {"value": 90}, 10001, 900, "90"),
        ("number", "charge_power_limit", {"value": 3000}, 10091, 300, "3000"),
        ("number", "param_10014", {"value": 70}, 10014, 700, "70"),
        ("switch", "export_limit", {"on": True}, 10012, 170, "on"),
        ("switch", "param_10065", {"on": True}, 10065, 170, "on"),
        ("select", "param_10066", {"option": "weekdays"}, 10066, 0, "weekdays"),
        ("time", "param_10067", {"time": "03:00:00"}, 10067, 3, "03:00:00"),
    ],
)
async def test_a_setting_by_hand(
    room: Room,
    platform: str,
    key: str,
    data: dict[str, Any],
    code: int,
    raw: int,
    shown: str,
) -> None:
    with only(Platform(platform)):
        await room.start()
    await room.set(platform, key, **data)
    assert room.stored[code] == raw
    assert room.state(platform, key) == shown
    assert room.sent == 1


async def test_a_limit_by_hand_does_not_switch_it_on(room: Room) -> None:
    """The limit alone means nothing: that is for people to do (section 6.5)."""
    await room.start()
    before = room.stored[10012]
    await room.set("number", "param_10014", value=50)
    assert room.stored[10012] == before


async def test_battery_mode_by_hand(room: Room) -> None:
    await room.start()
    await room.set("number", "force_duration", value=30)
    await room.set("number", "force_power", value=2000)
    await room.set("select", "battery_mode", option="force_charge")
    assert (room.stored[MODE], room.stored[COMMAND], room.stored[10005]) == (
        2,
        170,
        2000,
    )
    assert room.mode == "force_charge"
    await room.set("select", "battery_mode", option="self_use")
    assert (room.stored[MODE], room.stored[COMMAND]) == (0, 204)


async def test_a_mode_of_somebody_else_is_shown_and_not_offered(room: Room) -> None:
    await room.start()
    assert "vpp" not in room.entity("select", "battery_mode").attributes["options"]
    room.device.write_as_app(p10003=4)
    await room.minutes(HOUR)
    assert room.state("select", "battery_mode") == "vpp"


async def test_seconds_are_refused(room: Room) -> None:
    await room.start()
    with pytest.raises(ServiceValidationError, match="whole minutes"):
        await room.set("time", "param_10067", time="03:00:30")
    assert room.sent == 0


async def test_the_button_reads_what_is_set(room: Room) -> None:
    await room.start()
    room.device.write_as_app(p10002=300)
    await room.set("button", "refresh_settings")
    assert room.state("number", "backup_reserve") == "30"


async def test_the_button_tells_why_it_could_not(room: Room) -> None:
    await room.start()
    room.device.switches.online = False
    with pytest.raises(HomeAssistantError):
        await room.set("button", "refresh_settings")


async def test_the_inverter_starts_again_and_is_never_shut_down(room: Room) -> None:
    with only(Platform.BUTTON):
        await room.start()
    await room.set("button", "reboot")
    assert [write.asked for write in room.device.writes] == [{10011: "174"}]


@pytest.mark.parametrize(
    ("switches", "shown"),
    [
        ({}, "ok"),
        ({"row_fails": True}, "failed"),
        ({"task": "stuck"}, "timeout"),
        ({"executes": False}, "not_applied"),
    ],
)
async def test_what_became_of_the_last_command(
    room: Room, switches: dict[str, Any], shown: str
) -> None:
    await room.start()
    assert room.state("sensor", "last_command") == "unknown"

    def fail() -> None:
        for name, value in switches.items():
            setattr(room.device.switches, name, value)

    with room.at_write(fail):
        try:
            await room.set("number", "backup_reserve", value=25)
        except HomeAssistantError:
            assert switches
    assert room.state("sensor", "last_command") == shown
    await room.reload()
    assert room.state("sensor", "last_command") == shown
