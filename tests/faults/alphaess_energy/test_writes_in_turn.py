"""Rows 26 to 31: writes that wait, that meet, and that are refused before they begin."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.alphaess_energy.battery import SystemDriver
from tests.alphaess_energy.conftest import SYSTEM_1
from tests.alphaess_energy.orders.room import BOTH_STORES, PERIODIC_STORE, Room

from .test_writes import ROWS, key


@BOTH_STORES
async def test_row_26_a_busy_side_is_waited_for(room: Room) -> None:
    """The vendor takes a side of a system once in 30 s; the second write waits."""
    await room.start(assume_enabled=True)
    await room.charge()
    began = room.now
    answer = await room.call("self_use")
    assert answer["outcome"] == "applied"
    assert 30 <= (room.now - began).total_seconds() <= 60
    assert room.mode == "self_use"


@BOTH_STORES
async def test_row_26_a_side_that_stays_busy_is_an_honest_error(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """It is tried for a minute and a half, then the caller is told; nothing is left."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.sim.faults.add("vendor_error", room.endpoint, code=6053)
    began = room.now
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "throttled"
    assert 90 <= (room.now - began).total_seconds() < 120
    assert room.sent == 3
    assert room.leases(hass_storage) == {}
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.stored == before


@BOTH_STORES
async def test_row_27_the_same_action_twice_at_once(room: Room) -> None:
    """The second one finds it done."""
    await room.start(assume_enabled=True)
    one, other = room.order("set_reserve", soc=40), room.order("set_reserve", soc=40)
    assert [(await one)["outcome"], (await other)["outcome"]] == [
        "applied",
        "unchanged",
    ]
    assert room.sent == 1


class Journal:
    """Notes which intent each write belongs to, and whether two overlap."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.overlaps = 0
        self._on_the_way = 0

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        apply = SystemDriver.apply

        async def noted(driver: SystemDriver, step: Any, *args: Any) -> None:
            task = asyncio.current_task()
            assert task is not None
            self.writes.append(task.get_name())
            self._on_the_way += 1
            self.overlaps += self._on_the_way > 1
            try:
                await asyncio.sleep(0)
                await apply(driver, step, *args)
            finally:
                self._on_the_way -= 1

        monkeypatch.setattr(SystemDriver, "apply", noted)

    @property
    def in_one_piece(self) -> bool:
        """Whether no intent was interrupted by another one."""
        changes = sum(
            one != other
            for one, other in zip(self.writes, self.writes[1:], strict=False)
        )
        return changes == len(set(self.writes)) - 1


@BOTH_STORES
async def test_row_27_two_automations_never_interleave(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A force and a hold of several requests each, at the same moment, on the wire."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await room.minutes(1)
    journal = Journal()
    journal.watch(monkeypatch)
    hold = room.order("hold", block="discharge", duration={"minutes": 30})
    charge = room.order("force_charge", duration={"minutes": 45}, target_soc=80)
    assert (await hold)["outcome"] == "applied"
    assert (await charge)["outcome"] == "applied"
    assert set(journal.writes) == {"hold", "force_charge"}
    assert journal.in_one_piece
    assert journal.overlaps == 0
    assert room.mode == "force_charge"
    # The new one kept what the first one of all is to put back
    await room.minutes(50)
    assert room.stored == before
    assert room.control == "idle"


@PERIODIC_STORE
async def test_row_27_two_systems_do_not_wait_for_each_other(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is that of a device."""
    await room.start(assume_enabled=True)
    apply, gate = SystemDriver.apply, asyncio.Event()

    async def slowly(driver: SystemDriver, *args: Any) -> None:
        if driver is room.manager.driver:
            await gate.wait()
        await apply(driver, *args)

    monkeypatch.setattr(SystemDriver, "apply", slowly)
    slow = room.order("set_reserve", soc=40)
    other = room.beside(SYSTEM_1)
    assert (await other.call("set_reserve", soc=40))["outcome"] == "applied"
    assert not slow.done()
    gate.set()
    assert (await slow)["outcome"] == "applied"


@pytest.mark.parametrize(
    ("action", "data", "text"),
    [
        ("force_charge", {"target_soc": 101}, "soc_range"),
        ("force_charge", {"target_soc": 40}, "soc_above_target"),
        ("force_charge", {"power": 3000}, "no_power_setting"),
        ("set_reserve", {"soc": 101}, "soc_range"),
        ("set_reserve", {"soc": -1}, "soc_range"),
        ("hold", {"block": "charge"}, "not_supported"),
        (
            "set_schedule",
            {"rows": [ROWS[0], {**ROWS[0], "start": "03:00", "end": "05:00"}]},
            "rows_overlap",
        ),
    ],
)
async def test_row_28_limits_of_the_legacy_store(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    """Refused with what would be right; nothing is sent."""
    await room.start()
    with pytest.raises(ServiceValidationError) as info:
        await room.call(action, **data)
    assert key(info) == text
    assert room.sent == 0


@PERIODIC_STORE
@pytest.mark.parametrize(
    ("action", "data", "text"),
    [
        ("force_charge", {"power": 12000}, "power_range"),
        ("force_charge", {"power": 99}, "power_range"),
        ("force_charge", {"target_soc": 9}, "soc_range"),
        ("set_reserve", {"soc": 9}, "soc_range"),
        ("set_schedule", {"clear": ["charge"]}, "list_empty"),
    ],
)
async def test_row_28_limits_of_the_periodic_store(
    room: Room, action: str, data: dict[str, Any], text: str
) -> None:
    """Its limits are others; they are known before anything is sent."""
    await room.start(assume_enabled=True)
    with pytest.raises(ServiceValidationError) as info:
        await room.call(action, **data)
    assert key(info) == text
    assert room.sent == 0


@pytest.mark.parametrize("homes", [4])
async def test_row_29_no_battery(room: Room) -> None:
    """No control entities; the action says why."""
    await room.start()
    (serial,) = (s for s, one in room.sim.systems.items() if not one.has_battery)
    bare = room.beside(serial)
    for platform, entity in (
        ("select", "battery_mode"),
        ("number", "force_duration"),
        ("sensor", "control_state"),
        ("switch", "grid_charge"),
        ("event", "control_events"),
    ):
        assert not bare.has(platform, entity)
        assert room.has(platform, entity)
    with pytest.raises(ServiceValidationError) as info:
        await bare.charge()
    assert key(info) == "no_battery"


@PERIODIC_STORE
async def test_row_29_an_account_that_may_only_read(room: Room) -> None:
    """The vendor's refusal is told, and nothing is left of it."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.system.periodic_write = False
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "no_permission"
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.stored == before


@BOTH_STORES
async def test_row_30_stale_data(room: Room) -> None:
    """A force on data that is too old is refused with its age; self-use never is."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    room.sim.faults.add("status", "getLastPowerData", status=500)
    await room.minutes(10, each=1)
    sent = room.sent
    for action in ("force_charge", "hold"):
        with pytest.raises(ServiceValidationError) as info:
            await room.call(action)
        assert key(info) == "stale_data"
        assert 9 <= int((info.value.translation_placeholders or {})["age"]) <= 13
    assert room.sent == sent
    assert room.mode == "force_charge"
    # What is no force needs no fresh data
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert (await room.call("set_reserve", soc=35))["outcome"] == "applied"


def use_up(room: Room, *, left: int) -> None:
    """Use the account's hourly limit up, but for so many writes."""
    budget = room.entry.runtime_data.account.budget
    limit = budget._rules[0].limit
    budget._times["default"] = [budget._clock.monotonic()] * (limit - left)


async def test_row_31_writes_have_a_reserve(room: Room) -> None:
    """Polls have to wait when little is left; a write with its reads goes on."""
    await room.start()
    before = room.stored
    use_up(room, left=30)
    room.sim.counters.reset()
    await room.minutes(2, each=1)
    assert room.sim.counters.count() == 0
    assert (await room.charge(20))["outcome"] == "applied"
    assert room.mode == "force_charge"
    await room.minutes(22, each=1)
    assert room.sim.counters.count("getLastPowerData") == 0
    assert room.stored == before
    assert room.control == "idle"


async def test_row_31_no_budget_is_an_error_before_any_step(room: Room) -> None:
    """Two requests are due and one is left: none is sent."""
    await room.start()
    before, plan = room.stored, SystemDriver.plan

    def last_request(*args: Any) -> Any:
        use_up(room, left=1)
        return plan(*args)

    with (
        patch.object(SystemDriver, "plan", last_request),
        pytest.raises(HomeAssistantError) as info,
    ):
        await room.call("set_schedule", rows=ROWS)
    assert key(info) == "budget"
    assert room.sent == 0
    assert room.stored == before
