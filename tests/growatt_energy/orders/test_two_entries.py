"""One device behind a token and a login: it is controlled by one of them."""

from typing import Any

from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.const import DOMAIN

from ..conftest import entry_data
from .room import Room


@pytest.fixture
def mode() -> str:
    """How the first entry reaches the account."""
    return "login"


@pytest.fixture
async def other(room: Room) -> Room:
    """The same device, reached with the token, by an entry that is set up later."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        entry_id="other",
        title="Other",
        unique_id="elsewhere_1",
        data=entry_data(room.sim, "token"),
    )
    return Room(room.hass, entry, room.sim, room.step, room.freezer)


async def begin(other: Room) -> None:
    other.entry.add_to_hass(other.hass)
    await other.hass.config_entries.async_setup(other.entry.entry_id)
    await other.settle()


async def test_the_second_entry_controls_nothing(room: Room, other: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    await begin(other)
    with pytest.raises(ServiceValidationError) as info:
        await other.call("force_charge")
    assert info.value.translation_key == "controlled_elsewhere"
    assert info.value.translation_placeholders == {"account": room.entry.title}
    await room.minutes(40)
    assert room.stored == before
    assert (await room.charge(30))["outcome"] == "applied"


@pytest.mark.parametrize("removed", [False, True])
async def test_it_takes_over_when_the_first_one_ends(
    room: Room, other: Room, removed: bool, hass_storage: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    await begin(other)
    entries = room.hass.config_entries
    if removed:
        await entries.async_remove(room.entry.entry_id)
    else:
        await entries.async_unload(room.entry.entry_id)
    await other.minutes(40)
    assert (await other.call("hold", duration={"minutes": 5}))["outcome"] == "applied"
    assert (await other.call("self_use"))["outcome"] == "applied"
    assert other.stored == before
    assert other.leases(hass_storage) == {}
