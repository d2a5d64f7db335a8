"""What is refused before anything is sent, and what is told of it."""

from typing import Any

from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from ..platforms import only
from .room import MODE, Room

HOUR = {"minutes": 60}


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a hybrid with a battery if the test names no other."""
    return (getattr(request, "param", "hybrid"),)


@pytest.mark.parametrize(
    ("action", "data", "text"),
    [
        ("force_charge", {"power": 20_000}, "between 100 W and 10000 W"),
        ("force_charge", {"power": 50}, "between 100 W and 10000 W"),
        ("force_charge", {"power": float("nan")}, "not a number"),
        ("force_charge", {"target_soc": 40}, "already has 50 %"),
        ("force_charge", {"target_soc": 200}, "state of charge"),
        ("force_charge", {"duration": {"days": 2}}, "1 minute to 24 hours"),
        ("force_discharge", {"target_soc": 60}, "no more than 50 %"),
        ("force_discharge", {"target_soc": 2}, "reserve"),
        ("hold", {"block": "discharge"}, "cannot do that"),
        ("set_reserve", {"soc": 60}, "between 0 % and 50 %"),
        ("set_export_limit", {"percent": 101}, "between"),
        ("set_schedule", {"rows": [{"start": "01:00", "end": "02:00", "power": 1000}]}, "power"),
        ("set_schedule", {"rows": [{"start": "01:00", "end": "02:00", "days": ["mon"]}]}, "Monday to Friday"),
        ("set_schedule", {"rows": [{"start": "01:00", "end": "03:00"}, {"start": "02:00", "end": "04:00"}]}, "overlap"),
        ("set_schedule", {"rows": [{"start": f"0{n}:00", "end": f"0{n}:30"} for n in range(3)]}, "2 windows"),
    ],
)  # fmt: skip
async def test_what_cannot_be(
    started: Room, action: str, data: dict[str, Any], text: str
) -> None:
    rows = [{"mode": "force_charge", **row} for row in data.get("rows", ())]
    with pytest.raises(ServiceValidationError, match=text):
        await started.call(action, **data | ({"rows": rows} if rows else {}))
    assert started.sent == 0


async def test_above_the_charge_limit_nothing_is_charged(started: Room) -> None:
    room = started
    assert (await room.call("update_parameters", parameters={"10001": 80})) is not None
    with pytest.raises(ServiceValidationError, match="80 %"):
        await room.charge(target_soc=90)
    assert room.stored[MODE] == 0


async def test_too_old_data(started: Room) -> None:
    """Nothing is forced on what was seen long ago; self-use is always possible."""
    room = started
    for endpoint in ("*RealTimeData",):
        room.sim.faults.add("status", endpoint, status=500)
    await room.minutes(30)
    with pytest.raises(ServiceValidationError, match="too old"):
        await room.charge()
    assert (await room.call("self_use"))["outcome"] == "unchanged"


async def test_a_device_that_was_read_never(room: Room) -> None:
    for device in room.sim.devices.values():
        device.switches.task = "timeout"
    with only():
        await room.start()
    with pytest.raises(ServiceValidationError, match="not read yet"):
        await room.charge()


async def test_a_device_that_nothing_can_be_set_of(room: Room) -> None:
    room.device.switches.check = "0"
    with only():
        await room.start()
    with pytest.raises(ServiceValidationError, match="developer portal"):
        await room.charge()
    meter = next(one for one in room.sim.devices.values() if one.type == 7)
    with pytest.raises(ServiceValidationError, match="Nothing"):
        await room.call("self_use", of=meter.sn)


async def test_off_grid(started: Room) -> None:
    """Forces end at once, new ones are refused; the reserve can still be set."""
    room = started
    before = room.stored
    await room.charge()
    room.house.override(grid=False)
    await room.minutes(11)
    assert room.stored == before
    with pytest.raises(ServiceValidationError, match="grid has failed"):
        await room.charge()
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


@pytest.mark.parametrize("fault", ["device_offline", "permission"])
async def test_what_the_vendor_refuses(started: Room, fault: str) -> None:
    room, before = started, started.stored
    if fault == "device_offline":
        room.device.switches.online = False
    else:
        room.sim.wire.forbidden = {"*paramSetting"}
    with pytest.raises(HomeAssistantError) as caught:
        await room.charge()
    assert not isinstance(caught.value, ServiceValidationError)
    assert room.stored == before


async def test_control_state_names_no_force_that_was_refused(room: Room) -> None:
    with only(Platform.SELECT, Platform.SENSOR):
        await room.start()
    with pytest.raises(ServiceValidationError):
        await room.charge(target_soc=40)
    assert room.state("select", "battery_mode") == "self_use"
    assert room.state("sensor", "control_state") == "idle"
