"""The expert actions: any parameter by key or code, in display units only."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio
import pytest

from simulator.sungrow.tasks import READ

from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a hybrid with a battery if the test names no other."""
    return (getattr(request, "param", "hybrid"),)


async def update(room: Room, **parameters: Any) -> Any:
    """Set parameters; a name may begin with ``p`` and a code."""
    wanted = {
        name[1:] if name[1:].isdecimal() else name: value
        for name, value in parameters.items()
    }
    return await room.call("update_parameters", parameters=wanted)


async def test_what_is_read(started: Room) -> None:
    room = started
    answer = await room.call(
        "read_parameters",
        parameters=["soc_upper_limit", 10004, "10012", "10067", "10091", "soft_start"],
    )
    assert answer == {
        "soc_upper_limit": {"code": "10001", "value": 100, "unit": "%"},
        "charge_discharge_command": {"code": "10004", "value": "stop", "label": "Stop"},
        "feed_in_limitation": {"code": "10012", "value": False},
        "forced_charging_1_start": {"code": "10067", "value": "24:00"},
        "max_charging_power": {"code": "10091", "value": 10600, "unit": "W"},
        "soft_start": {"code": "10027", "value": False},
    }
    assert room.sent == 0


@pytest.mark.parametrize(
    ("name", "value", "raw"),
    [
        ("p10001", "95 %", 950),
        ("soc_upper_limit", 95, 950),
        ("p10001", "95", 950),
        ("p10091", "2.5 kW", 250),
        ("p10091", "2500W", 250),
        ("p10091", 2500, 250),
        ("p10004", "Charge", 170),
        ("p10004", "charge", 170),
        ("p10066", "weekdays", 0),
        ("p10012", "Enable", 170),
        ("p10012", True, 170),
        ("p10012", "on", 170),
        ("p10067", "03:00", 3),
        ("p10027", True, 170),
        ("p10036", "-0.95", -950),
    ],
)
async def test_labels_and_display_values(
    started: Room, name: str, value: Any, raw: int
) -> None:
    room = started
    answer = await update(room, **{name: value})
    assert answer["outcome"] == "applied"
    assert raw in room.device.effects[-1].after.values()
    assert room.sent == 1


async def test_several_are_one_task(started: Room) -> None:
    room = started
    answer = await update(room, p10001="90 %", p10002="20 %", p10091="3 kW")
    assert answer["outcome"] == "applied"
    assert room.sent == 1
    assert (await update(room, p10001=90))["outcome"] == "unchanged"
    assert room.sent == 1


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        # What is on the wire is never taken.
        ("p10001", 950, "between 70 and 100"),
        ("p10004", 170, "cannot be set"),
        ("p10004", "170", "cannot be set"),
        ("p10012", 170, "cannot be set"),
        ("p10012", "170", "cannot be set"),
        ("p10001", "95 W", "cannot be set"),
        ("p10001", "95 % or so", "cannot be set"),
        ("p10001", True, "cannot be set"),
        ("p10001", float("nan"), "cannot be set"),
        ("p10001", float("inf"), "cannot be set"),
        pytest.param("p10001", 10**400, "cannot be set", id="huge"),
        ("p10001", 1e308, "between 70 and 100"),
        ("p10067", 180, "cannot be set"),
        ("p10067", "25:00", "cannot be set"),
        ("p10067", "03:00:30", "whole minutes"),
        ("p10066", "sometimes", "cannot be set"),
        ("p10003", "Charge", "cannot be set"),
        # Grid protection, shutdown, duplicates, wear, what another device has
        *(
            (f"p{code}", 1, "never set")
            for code in (10006, 10011, 10015, 10016, 10038, 10045, 10101, 10120)
        ),
        ("power_setting_persistence", True, "never set"),
        ("p10307", True, "no parameter"),
        ("p99999", 1, "no parameter"),
        ("shutdown", True, "no parameter"),
    ],
)
async def test_what_is_refused(started: Room, name: str, value: Any, text: str) -> None:
    room = started
    with pytest.raises(ServiceValidationError, match=text):
        await update(room, **{name: value})
    assert room.sent == 0


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        [],
        {"10001": None},
        {"10001": ["95"]},
        {"10001": "x" * 10_000},
        {"x" * 10_000: 1},
        {f"a{number}": 1 for number in range(11)},
        {None: 1},
    ],
)
async def test_what_has_no_shape(started: Room, parameters: Any) -> None:
    with pytest.raises(probatio.Invalid):
        await started.call("update_parameters", parameters=parameters)


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"10001": 95, "soc_upper_limit": 90}, "twice"),
        (
            {
                f"forced_charging_{window}_{end}": "01:00"
                for window in (1, 2)
                for end in ("start", "end")
            }
            | {"10001": 95, "10002": 10, "10091": 3000},
            "At most 10",
        ),
    ],
)
async def test_what_does_not_fit_together(
    started: Room, parameters: Any, text: str
) -> None:
    with pytest.raises(ServiceValidationError, match=text):
        await started.call("update_parameters", parameters=parameters)
    assert started.sent == 0


async def test_a_code_that_the_device_does_not_have(started: Room) -> None:
    room = started
    room.device.switches.allowed = False
    with pytest.raises(HomeAssistantError):
        await update(room, p10027=True)
    assert room.sent == 0


async def test_nothing_is_read_while_control_is_off(room: Room, bare: None) -> None:
    await room.start(allow=False)
    with pytest.raises(ServiceValidationError, match="turned off"):
        await update(room, p10027=True)
    assert room.sim.counters.count("*paramSetting") == 0


async def test_what_was_set_once_is_not_polled_from_then_on(started: Room) -> None:
    """It is read with the others while it is written: it may have changed since."""
    room = started
    assert (await update(room, p10027=True))["outcome"] == "applied"
    room.device.write_as_app(p10027=85)
    assert (await update(room, p10027=True))["outcome"] == "applied"
    reads = [task for task in room.device.tasks if task.kind == READ]
    await room.manager.driver.fetch()
    new = [task for task in room.device.tasks if task.kind == READ][len(reads) :]
    assert new
    assert 10027 not in {row.code for task in new for row in task.rows}


@pytest.mark.parametrize("homes", ["string"], indirect=True)
async def test_a_logger_says_one_and_zero(started: Room) -> None:
    """Its own words for on and off; the inverter's limit is the logger's (6.5)."""
    room = started
    logger = next(one for one in room.sim.devices.values() if one.type == 9)
    answer = await room.call(
        "update_parameters", of=logger.sn, parameters={"10012": True, "10014": "50 %"}
    )
    assert answer["outcome"] == "applied"
    assert (logger.parameters.stored[10012], logger.parameters.stored[10014]) == (
        1,
        500,
    )
    with pytest.raises(ServiceValidationError, match="does not have"):
        await update(room, p10012=True)
    with pytest.raises(ServiceValidationError):
        await room.call("set_export_limit", percent=50)
    assert room.sent == 0


async def test_a_battery_or_the_plant_stands_for_its_inverter(started: Room) -> None:
    room = started
    battery = next(one for one in room.sim.devices.values() if one.type == 43)
    plant = next(iter(room.entry.runtime_data.plants.values())).key
    for stand_in in (battery.sn, plant):
        answer = await room.call(
            "read_parameters", of=stand_in, parameters=["soc_lower_limit"]
        )
        assert answer["soc_lower_limit"]["value"] == 5
