"""Rows 14 and 16 to 19: accounts and credentials."""

from typing import Literal

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import Account, AmberSimulator, Site
from tests.amber_energy.conftest import entry_of, set_up
from tests.amber_energy.flows import OTHER_TOKEN, credentials
from tests.amber_energy.passing import Passing, settle

PRICES = "prices/current"


def asked(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    """Return how many dialogs wait for a new token."""
    return len(list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})))


@pytest.mark.parametrize("status", [401, 403])
async def test_row_16_token_is_deleted(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    status: Literal[401, 403],
) -> None:
    """A token that is refused twice is asked for once, and hardly tried any more."""
    await set_up(hass, entry)
    sim.bad_token_status = status
    sim.revoke(sim.token)
    await step(185)
    assert asked(hass, entry) == 0
    assert entry.runtime_data.prices.status == "auth_error"
    await step(15)
    assert asked(hass, entry) == 1
    sim.counters.reset()
    await step(3600)
    assert sim.counters.count("prices/current") == 2
    assert asked(hass, entry) == 1


async def test_row_16_one_refusal_is_a_slip(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Nobody is asked for anything, and the prices go on at once."""
    await set_up(hass, entry)
    for _ in range(3):
        sim.faults.add("vendor_error", PRICES, count=1, code=403)
        await step(300)
        assert asked(hass, entry) == 0
        assert entry.runtime_data.prices.status == "ok"
        assert entry.runtime_data.prices.fresh


@pytest.mark.parametrize("site_count", [2])
@pytest.mark.parametrize("button", [False, True])
async def test_row_16_token_is_taken_again(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing, button: bool
) -> None:
    """It ends the dialog of the account, whichever site finds it out."""
    first, second = (entry_of(sim, site) for site in sim.sites.values())
    for entry in (first, second):
        await set_up(hass, entry)
    sim.faults.add("vendor_error", PRICES, code=403)
    await step(900)
    # One new token serves all sites of the account, so one is asked for
    assert asked(hass, first) + asked(hass, second) == 1
    assert len(ir.async_get(hass).issues) == 1
    sim.faults.clear()
    other = first
    if button:
        other = second if asked(hass, first) else first
        await other.runtime_data.prices.async_refresh_now()
    else:
        await step(1800)
    assert (asked(hass, first), asked(hass, second)) == (0, 0)
    assert not ir.async_get(hass).issues
    await step(330)
    feed = other.runtime_data.prices
    assert feed.status == "ok"
    assert feed.fresh


@pytest.mark.parametrize("refusals", [1, 2])
async def test_row_16_the_list_is_refused_while_prices_come(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing,
    refusals: int,
) -> None:  # fmt: skip
    """The prices prove the token: no dialog stays, and the list is read again."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", "sites", count=refusals, code=403)
    listing = entry.runtime_data.listing
    for number in range(refusals):
        await listing.sites.async_refresh()
        await step.settle()
        assert asked(hass, entry) == number
    await step(320)
    assert asked(hass, entry) == 0
    await step(1200)
    assert asked(hass, entry) == 0
    assert listing.sites.last_update_success


async def test_row_16_token_works_again_after_a_reload(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The same token may be accepted again, as when a transfer has completed."""
    await set_up(hass, entry)
    token = sim.token
    sim.revoke(token)
    sim.accounts[0].tokens.add("psk_of_the_account_itself")
    await step(600)
    sim.accounts[0].tokens.add(token)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert entry.runtime_data.prices.fresh


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 400},
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 422},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 500},
        {"kind": "html"},
        {"kind": "reset"},
    ],
    ids=str,
)
async def test_row_18_other_answers(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    fault: dict[str, object],
) -> None:
    """No other answer asks for a token, and all goes on when it is over."""
    await set_up(hass, entry)
    sim.faults.add(**fault)  # type: ignore[arg-type]
    await step(1200)
    assert asked(hass, entry) == 0
    assert entry.state.name == "LOADED"
    sim.faults.clear()
    await step(1300)
    assert entry.runtime_data.prices.fresh


async def test_row_18_used_up_limit(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The own 429 is no matter of the token."""
    await set_up(hass, entry)
    for _ in range(4):
        sim.spend("prices_current", 50)
        await step(300)
    assert asked(hass, entry) == 0


async def test_row_18_set_up_with_wrong_token(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """A token that was deleted while we were away is asked for at the start."""
    sim.revoke(sim.token)
    sim.accounts[0].tokens.add(OTHER_TOKEN)
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_ERROR"
    assert asked(hass, entry) == 1
    assert sim.counters.count() == 1


@pytest.mark.parametrize("site_count", [2])
async def test_row_16_two_sites(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """The token of two sites is asked for once; if that is put off, for the other."""
    entries = [entry_of(sim, site) for site in sim.sites.values()]
    for entry in entries:
        await set_up(hass, entry)
    sim.revoke(sim.token)
    sim.accounts[0].tokens.add(OTHER_TOKEN)
    await step(900)
    assert sum(asked(hass, entry) for entry in entries) == 1
    for entry in entries:
        await hass.config_entries.async_reload(entry.entry_id)
        await settle(hass)
    assert sum(asked(hass, entry) for entry in entries) == 1
    [flow] = hass.config_entries.flow.async_progress()
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], credentials(sim, token=OTHER_TOKEN)
    )
    assert result["reason"] == "reauth_successful"
    await settle(hass)
    assert all(entry.runtime_data.prices.fresh for entry in entries)
    assert not hass.config_entries.flow.async_progress()


@pytest.mark.parametrize("site_count", [2])
async def test_row_14_two_accounts(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """What happens to one account is nothing to the other."""
    mine, theirs = sim.sites.values()
    sim.accounts[0].sites = {mine.id}
    sim.accounts.append(Account(name="other", tokens={OTHER_TOKEN}, sites={theirs.id}))
    first, second = entry_of(sim, mine), entry_of(sim, theirs)
    await set_up(hass, first)
    second.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        second, data={**second.data, "token": OTHER_TOKEN}
    )
    await hass.config_entries.async_setup(second.entry_id)
    await settle(hass)
    assert first.runtime_data.connection is not second.runtime_data.connection
    assert set(first.runtime_data.sites.data.sites) == {mine.id}
    assert set(second.runtime_data.sites.data.sites) == {theirs.id}
    sim.revoke(OTHER_TOKEN)
    await step(2000)
    assert (asked(hass, first), asked(hass, second)) == (0, 1)
    assert first.runtime_data.prices.fresh
    assert not second.runtime_data.prices.fresh


@pytest.mark.parametrize("site_count", [2])
async def test_row_14_two_sites_stay_within_the_limit(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """Both divide the account's requests, and neither starves."""
    entries = [entry_of(sim, site) for site in sim.sites.values()]
    for entry in entries:
        await set_up(hass, entry)
    await step(1800)
    assert max(sim.limits.most.values()) <= 50
    assert all(entry.runtime_data.prices.fresh for entry in entries)
    assert not sim.limits.refused


@pytest.mark.parametrize("status", [403, 404])
async def test_row_14_site_of_somebody_else(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    status: Literal[403, 404],
) -> None:
    """An entry whose site the token does not have asks for no price."""
    sim.foreign_site_status = status
    sim.accounts[0].sites = set()
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert sim.counters.count("prices/current") == 0
    assert asked(hass, entry) == 0
