"""One system in two accounts: it is controlled by one of them."""

from typing import Any

from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    DOMAIN,
)
from simulator.alphaess import APP_ID
from simulator.alphaess.protocol import Account

from ..conftest import SYSTEM_1
from .room import POLL, Room
from .test_gone import LIST_INTERVAL


@pytest.fixture
async def other(room: Room) -> Room:
    """The same system in another account, which is set up later."""
    account = Account(
        app_id="alphafedcba9876543210",
        app_secret="fedcba9876543210fedcba9876543210",
        bound={SYSTEM_1},
    )
    room.sim.accounts[account.app_id] = account
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Other",
        unique_id=account.app_id,
        data={
            CONF_APP_ID: account.app_id,
            CONF_APP_SECRET: account.app_secret,
            CONF_BASE_URL: room.sim.url,
        },
    )
    return Room(room.hass, entry, room.sim, room.step, room.freezer, room.serial)


async def begin(other: Room) -> None:
    other.entry.add_to_hass(other.hass)
    await other.hass.config_entries.async_setup(other.entry.entry_id)
    await other.settle()
    await other.step(POLL)


async def lists(room: Room, count: int) -> None:
    """Let the list of systems be read so many times."""
    for _ in range(count):
        await room.step(LIST_INTERVAL)


async def test_the_second_account_controls_nothing(room: Room, other: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    await begin(other)
    for action, data in (("force_charge", {}), ("self_use", {}), ("read_schedule", {})):
        with pytest.raises(ServiceValidationError) as info:
            await other.call(action, **data)
        assert info.value.translation_key == "controlled_elsewhere"
        assert info.value.translation_placeholders == {"account": room.entry.title}
    assert not other.entry.runtime_data.systems[SYSTEM_1].managers
    await room.minutes(40)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert (await room.charge(30))["outcome"] == "applied"


@pytest.mark.parametrize("removed", [False, True])
async def test_it_takes_over_when_the_first_one_ends(
    room: Room, other: Room, removed: bool, hass_storage: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await begin(other)
    entries = room.hass.config_entries
    if removed:
        await entries.async_remove(room.entry.entry_id)
    else:
        await entries.async_unload(room.entry.entry_id)
    await lists(other, 1)
    assert other.manager.owner == other.entry.entry_id
    await other.charge(120)
    assert other.mode == "force_charge"
    if not removed:
        # Nor does the first one get it back while the second one is there
        await entries.async_setup(room.entry.entry_id)
        await room.settle()
        await lists(room, 1)
        assert room.entry.runtime_data.systems[SYSTEM_1].control is None
    assert (await other.call("self_use"))["outcome"] == "applied"
    assert other.stored == before
    assert other.leases(hass_storage) == {}
    assert other.issues == []


async def test_a_system_that_moves_to_another_account(
    room: Room, other: Room, hass_storage: dict[str, Any]
) -> None:
    """The force of the old one is put back, and the new one's end by themselves."""
    await room.start()
    before = room.stored
    await room.charge(20)
    room.sim.accounts[APP_ID].bound.discard(SYSTEM_1)
    await begin(other)
    await lists(room, 3)
    assert SYSTEM_1 not in room.entry.runtime_data.systems
    await other.minutes(5, each=1)
    assert other.stored == before
    assert other.issues == []
    assert (await other.charge(60))["outcome"] == "applied"
    await lists(other, 3)
    assert not other.manager._jobs.closed
    assert other.control == "active"
    await other.minutes(30)
    assert other.stored == before
    assert other.leases(hass_storage) == {}


async def test_a_system_that_moves_and_comes_back(room: Room, other: Room) -> None:
    await room.start()
    accounts = room.sim.accounts
    mine, others = accounts[APP_ID].bound, accounts["alphafedcba9876543210"].bound
    mine.discard(SYSTEM_1)
    await begin(other)
    await lists(room, 3)
    assert other.manager.owner == other.entry.entry_id
    others.discard(SYSTEM_1)
    mine.add(SYSTEM_1)
    await lists(room, 4)
    assert room.manager.owner == room.entry.entry_id
    assert room.entry.runtime_data.systems[SYSTEM_1].control is room.manager
    assert (await room.charge(30))["outcome"] == "applied"


async def test_a_lease_of_a_system_that_was_gone_at_the_start(
    room: Room, other: Room
) -> None:
    """It is let go of too, so that its new account can put it back."""
    await room.start()
    before = room.stored
    await room.charge(20)
    room.sim.accounts[APP_ID].bound.discard(SYSTEM_1)
    await lists(room, 3)
    await room.restart()
    assert room.manager.owner == room.entry.entry_id
    await begin(other)
    await lists(room, 4)
    await other.minutes(5, each=1)
    assert other.manager.owner == other.entry.entry_id
    assert other.stored == before
    assert other.issues == []
