"""Rows 16, 18 and 20 to 25: what becomes of a write."""

from functools import partial

from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.alphaess import APP_ID, APP_SECRET
from tests.alphaess_energy.orders.room import (
    BOTH_STORES,
    DISCHARGE,
    SETTINGS,
    SETTINGS_POLL,
    Room,
)


def key(info: pytest.ExceptionInfo[HomeAssistantError]) -> str | None:
    """Return which text a person reads."""
    return info.value.translation_key


async def test_row_16_a_refused_time_stamp_is_corrected_once(room: Room) -> None:
    """Signed requests have no token that expires; their time can be refused.

    That happens before the body is looked at, so the write is sent once more.
    """
    await room.start()
    with room.at_write(partial(room.sim.faults.add, "clock_skew", seconds=600)):
        answer = await room.charge()
    assert answer["outcome"] == "applied"
    assert room.sent == 2
    assert room.effects == ["charge"]


async def test_row_18_credentials_are_refused_in_the_middle(
    room: Room, hass_storage: dict[str, object]
) -> None:
    """The caller is told; the lease goes when it is seen that nothing was changed."""
    await room.start()
    before = room.stored

    def reset_secret() -> None:
        room.sim.accounts[APP_ID].app_secret = "another"

    with room.at_write(reset_secret), pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "invalid_auth"
    assert room.stored == before
    assert room.mode == "self_use"
    room.sim.accounts[APP_ID].app_secret = APP_SECRET
    await room.minutes(3, each=1)
    assert room.control == "idle"
    assert room.leases(hass_storage) == {}
    assert room.parts == []


@BOTH_STORES
async def test_row_20_a_lost_request_is_sent_once_more(room: Room) -> None:
    """It is proven by reading that it has not arrived."""
    await room.start(assume_enabled=True)
    room.sim.faults.add("reset", room.endpoint, count=1)
    answer = await room.charge()
    assert answer["outcome"] == "applied"
    assert room.sent == 2
    assert len(room.parts) == len(room.effects) == 1
    assert room.mode == "force_charge"


@BOTH_STORES
async def test_row_20_unknown_while_nothing_can_be_read(
    room: Room, hass_storage: dict[str, object]
) -> None:
    """The lease says "perhaps"; a later look finds that nothing was changed."""
    await room.start(assume_enabled=True)
    before, events = room.stored, room.events()
    room.sim.faults.add("reset", room.endpoint)
    fail = partial(room.sim.faults.add, "status", SETTINGS, status=500)
    with room.at_write(fail), pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "write_unknown"
    assert (room.mode, room.control) == ("unknown", "starting")
    assert room.leases(hass_storage)["mode"]["state"] == "pending"
    room.sim.faults.clear()
    await room.minutes(10, each=1)
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.leases(hass_storage) == {}
    assert room.stored == before
    assert room.parts == []
    assert events == ["ended"]


async def test_row_20_an_unknown_change_is_settled_by_a_later_poll(room: Room) -> None:
    """An event tells what became of a change that nobody could read back."""
    await room.start()
    fail = partial(room.sim.faults.add, "status", SETTINGS, status=500)
    with room.at_write(fail, after=True), pytest.raises(HomeAssistantError) as info:
        await room.set("number", "backup_reserve", value=30)
    assert key(info) == "write_unknown"
    assert room.state("number", "backup_reserve") == "10"
    room.sim.faults.clear()
    await room.step(2 * SETTINGS_POLL)
    assert room.state("number", "backup_reserve") == "30"
    assert room.event() == ("started", {"intent": "set_reserve", "reason": "settled"})


@BOTH_STORES
async def test_row_21_a_lost_answer_is_read_first(room: Room) -> None:
    """What has arrived is not sent again."""
    await room.start(assume_enabled=True)
    room.sim.faults.add("lost", room.endpoint, count=1)
    answer = await room.charge()
    assert answer["outcome"] == "applied"
    assert room.sent == len(room.parts) == len(room.effects) == 1


@BOTH_STORES
async def test_row_22a_the_store_does_not_change(room: Room) -> None:
    """`unverified`: the entities keep what is read; the second time is an issue."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.system.stores_writes = False
    shown = room.state("number", "backup_reserve")
    for issues in ([], ["control_unverified"]):
        with pytest.raises(HomeAssistantError) as info:
            await room.set("number", "backup_reserve", value=44)
        assert key(info) == "write_unverified"
        assert room.state("number", "backup_reserve") == shown
        assert room.issues == issues
    assert room.stored == before
    room.system.stores_writes = True
    await room.set("number", "backup_reserve", value=44)
    assert room.state("number", "backup_reserve") == "44"
    assert room.issues == []


@BOTH_STORES
async def test_row_22a_a_force_that_is_not_stored_leaves_nothing(
    room: Room, hass_storage: dict[str, object]
) -> None:
    """It is waited for once more, then forgotten."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.system.stores_writes = False
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "write_unverified"
    assert room.mode == "self_use"
    await room.minutes(10, each=1)
    assert room.control == "idle"
    assert room.leases(hass_storage) == {}
    assert room.stored == before


@BOTH_STORES
async def test_row_22b_the_battery_does_not_move(room: Room) -> None:
    """`applied`, then `not_following`; the second time is an issue."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.system.follows = False
    for issues in ([], ["control_not_following"]):
        events = room.events()
        answer = await room.charge()
        assert answer["outcome"] == "applied"
        assert room.control == "starting"
        await room.minutes(8, each=1)
        assert room.control == "not_following"
        assert room.mode == "force_charge"
        assert room.issues == issues
        assert events == ["started", "not_following"]
        assert (await room.call("self_use"))["outcome"] == "applied"
        assert room.stored == before
    room.system.follows = True
    await room.charge()
    await room.minutes(4, each=1)
    assert room.control == "active"
    assert room.issues == []


@BOTH_STORES
async def test_row_23_a_refusal_is_told_in_the_vendors_words(
    room: Room, hass_storage: dict[str, object]
) -> None:
    """Redacted; nothing has changed, nothing is leased."""
    await room.start(assume_enabled=True)
    before = room.stored
    room.sim.faults.add(
        "vendor_error", room.endpoint, code=6008, message=f"{room.serial} says no"
    )
    with pytest.raises(HomeAssistantError) as info:
        await room.charge()
    assert key(info) == "write_rejected"
    detail = (info.value.translation_placeholders or {})["detail"]
    assert "says no" in detail
    assert room.serial not in str(info.value)
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.leases(hass_storage) == {}
    assert room.stored == before
    assert room.sent == 1


async def test_row_24_a_clamped_value_is_what_counts(room: Room) -> None:
    """The answer and the entity show what the device made of it; nobody insists."""
    await room.start()
    before = room.stored
    room.system.clamps = {"batHighCap": 80}
    answer = await room.charge()
    assert answer["outcome"] == "applied"
    assert answer["effective"]["charge.limit"] == 80
    assert room.state("number", "charge_limit") == "80"
    assert room.sent == 1
    await room.minutes(15)
    assert room.sent == 1
    assert room.mode == "force_charge"
    room.system.clamps = {}
    await room.minutes(20)
    assert room.stored == before
    assert room.control == "idle"


async def test_row_24_a_clamped_number(room: Room) -> None:
    """A number that a hand sets jumps to what the device took."""
    await room.start()
    room.system.clamps = {"batUseCap": 40}
    await room.set("number", "backup_reserve", value=55)
    assert room.state("number", "backup_reserve") == "40"
    assert room.sent == 1


ROWS = [
    {"start": "02:00", "end": "04:00", "mode": "charge", "soc": 80},
    {"start": "18:00", "end": "20:00", "mode": "discharge", "soc": 20},
]


async def test_row_25_a_half_that_was_taken_is_taken_back(room: Room) -> None:
    """The first object is written, the second refused: the first is undone."""
    await room.start()
    before = room.stored
    room.sim.faults.add("vendor_error", DISCHARGE, code=6008, count=1)
    with pytest.raises(HomeAssistantError) as info:
        await room.call("set_schedule", rows=ROWS)
    assert key(info) == "write_rejected"
    assert room.stored == before
    assert room.effects == ["charge", "charge"]
    assert room.issues == []
    assert room.state("time", "charge_start_1") == "01:00:00"


async def test_row_25_a_half_that_stays_is_named(room: Room) -> None:
    """If taking it back is refused too, a repair issue says so until a write works."""
    await room.start()

    def refuse() -> None:
        room.sim.faults.add("vendor_error", "update*", code=6008)

    with room.at_write(refuse, number=2), pytest.raises(HomeAssistantError) as info:
        await room.call("set_schedule", rows=ROWS)
    assert key(info) == "half_applied"
    assert room.effects == ["charge"]
    assert room.issues == ["control_half_applied"]
    assert room.state("time", "charge_start_1") == "02:00:00"
    room.sim.faults.clear()
    answer = await room.call("set_schedule", rows=ROWS)
    assert answer["outcome"] == "applied"
    assert room.issues == []
    assert room.effects == ["charge", "discharge"]


async def test_row_25_a_half_force_is_put_back_until_it_is(
    room: Room, hass_storage: dict[str, object]
) -> None:
    """What was not taken back in time is, as soon as the vendor takes it."""
    await room.start()
    before = room.stored
    await room.charge()
    forced = room.stored
    await room.minutes(1)

    def refuse() -> None:
        room.sim.faults.add("vendor_error", "update*", code=6008)

    # A hold is a discharge window, and takes the charge window back
    with room.at_write(refuse, number=2), pytest.raises(HomeAssistantError) as info:
        await room.call("hold", block="discharge", duration={"minutes": 20})
    assert key(info) == "half_applied"
    assert room.stored != forced
    assert room.control == "restoring"
    assert room.leases(hass_storage)["mode"]["state"] == "restoring"
    room.sim.faults.clear()
    await room.minutes(3, each=1)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
