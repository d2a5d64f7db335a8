"""What a dialog does with tokens: they are the entry's once people have them accepted."""

from collections.abc import AsyncGenerator
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.api.oauth import OAuthClient, TokenSet
from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.token_store import NotSavedError, TokenStore
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.oauth import OAuth

from .conftest import ZONE, Step, asked, set_up
from .flows import Dialog, application, at_paste

pytestmark = pytest.mark.usefixtures("current_request_with_host")


def token_files(hass_storage: dict[str, Any]) -> list[str]:
    """Return the files that hold tokens."""
    return [key for key in hass_storage if key.startswith(f"{DOMAIN}.tokens")]


async def authorized(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> Dialog:
    """Return the dialog that changes the entry, after somebody authorized."""
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**application(sim))
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    assert isinstance(dialog, Dialog)
    return dialog


async def test_refused_account_changes_nothing(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """The entry keeps its own tokens, also on disk."""
    await set_up(hass, entry)
    before = dict(entry.data["token"])
    keeper = entry.runtime_data.connection.keeper
    hass.config_entries.async_update_entry(entry, data={**entry.data, "plants": ["9"]})
    dialog = await authorized(hass, sim, entry)
    assert dialog.reason == "wrong_account"
    assert entry.data["token"] == before
    assert keeper.state.access == before["access_token"]
    kept = await keeper._storage.load()
    assert kept is None or kept.access == before["access_token"]


async def test_authorization_that_shows_no_plant_ends_no_other(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Tokens may be bound to who authorized (reference section 2.2)."""
    await set_up(hass, entry)
    first, plants_of = entry.data["token"]["access_token"], OAuth.plants_of

    def bound(self: OAuth, token: str) -> set[str] | None:
        found = plants_of(self, token)
        return found if token == first or found is None else set()

    with patch.object(OAuth, "plants_of", bound):
        dialog = await authorized(hass, sim, entry)
        assert (dialog.step, dialog.errors) == ("retry", {"base": "no_plants"})
        hass.config_entries.flow.async_abort(dialog.result["flow_id"])
        await step(350)
        await step(350)
    [plant] = entry.runtime_data.plants.values()
    assert plant.fresh
    assert (entry.data["token"]["access_token"], asked(hass, entry)) == (first, 0)


@pytest.mark.parametrize("life", ["usual", "tiny"])
async def test_closed_dialog_leaves_no_tokens(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    hass_storage: dict[str, Any],
    life: Any,
) -> None:
    """Nobody would ever delete them; those of the entry that is made are on disk."""
    sim.oauth.first_life = life
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code())
    assert dialog.step == "plants"
    hass.config_entries.flow.async_abort(dialog.result["flow_id"])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert token_files(hass_storage) == []
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code())
    await dialog.submit(plants=[sim.plants[0].id])
    [file] = token_files(hass_storage)
    await hass.async_block_till_done(wait_background_tasks=True)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    stored = hass_storage[file]["data"]
    assert stored["refresh_token"] == entry.data["token"]["refresh_token"]
    assert sim.oauth.tokens.reused == 0


@pytest.fixture
async def other(sim: SungrowSimulator) -> AsyncGenerator[SungrowSimulator]:
    """The same account at another address."""
    simulator = SungrowSimulator(homes=["hybrid"], time_zone=ZONE)
    await simulator.start()
    yield simulator
    await simulator.stop()


async def test_moved_entry_takes_its_tokens_along(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    other: SungrowSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """At another address it is another account; the former one's tokens go."""
    await set_up(hass, entry)
    keeper = entry.runtime_data.connection.keeper
    await keeper._storage.save(keeper.state)
    [before] = token_files(hass_storage)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**application(other))
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=other.code())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    [after] = token_files(hass_storage)
    assert after != before
    # A refresh that was under way at the former address
    token = entry.data["token"]
    keeper.on_change(keeper.state)
    assert entry.data["token"] == token
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert token_files(hass_storage) == []


@pytest.mark.parametrize("added", [True, False], ids=["add", "reconfigure"])
async def test_tokens_that_cannot_be_written(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, added: bool
) -> None:
    """People learn that it is the disk, and need not authorize again."""

    async def full(self: TokenStore, state: object) -> None:
        raise NotSavedError

    if not added:
        await set_up(hass, entry)
    with patch.object(TokenStore, "save", full):
        if added:
            dialog = await at_paste(hass, sim)
            await dialog.submit(address=sim.code())
            await dialog.submit(plants=[sim.plants[0].id])
        else:
            dialog = await authorized(hass, sim, entry)
        assert dialog.errors == {"base": "token_not_saved"}
    if added:
        assert dialog.step == "plants"
        await dialog.submit(plants=[sim.plants[0].id])
        assert dialog.type is FlowResultType.CREATE_ENTRY
    else:
        assert dialog.suggested == {"next": "listing"}
        await dialog.submit(next="listing")
        assert dialog.reason == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.oauth.tokens.exchanges == 1


async def test_same_pair_again_is_held_once(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Refreshing a copy of it would end the one in use."""
    await set_up(hass, entry)
    token, exchange = entry.data["token"], OAuthClient.exchange

    async def same(self: OAuthClient, code: str, redirect_uri: str) -> TokenSet:
        found = await exchange(self, code, redirect_uri)
        return TokenSet(
            access_token=token["access_token"],
            refresh_token=token["refresh_token"],
            expires_in=5,  # of the old pair, as the vendor may answer
            plants=found.plants,
            user=found.user,
        )

    hass.config_entries.async_update_entry(entry, data={**entry.data, "plants": ["9"]})
    with patch.object(OAuthClient, "exchange", same):
        dialog = await authorized(hass, sim, entry)
    assert dialog.reason == "wrong_account"
    assert sim.oauth.tokens.refreshes == 1
    keeper = entry.runtime_data.connection.keeper
    assert keeper.state.access == entry.data["token"]["access_token"]
    assert keeper.state.access != token["access_token"]
    assert not keeper.dead
