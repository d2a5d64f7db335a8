"""What people are told to mend."""

from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy._vendor.core.client.errors import (
    ApiError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.ha.account import Account
from custom_components.goodwe_energy.const import DOMAIN, OTHER_INTEGRATIONS
from custom_components.goodwe_energy.issues import Issues, clear_all
from simulator.goodwe import GoodWeSimulator
from tests.translation_rules import Texts, placeholders

from .conftest import Step, issues, set_up

LIMITED = ThrottledError("x", reason="rate_limited")


@pytest.fixture
def told(hass: HomeAssistant, goodwe: None) -> Issues:
    """The issues of an entry."""
    entry = MockConfigEntry(domain=DOMAIN, title="Home", entry_id="one")
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    return Issues(hass, entry, account)


def refused(reason: str) -> ApiError:
    return NotPermittedError("x", reason=reason)


def test_texts_have_their_placeholders(
    hass: HomeAssistant, told: Issues, freezer: FrozenDateTimeFactory
) -> None:
    """Nobody sees a name in braces."""
    told.answered("1/flow", refused("no_rights"))
    told.answered("plants", refused("agreement"))
    told.answered("plants", LIMITED)
    freezer.tick(timedelta(hours=1))
    told.answered("plants", LIMITED)
    told.vanished(["Home"])
    told.stale(["Home"])
    told.control_not_allowed(["Home"])
    found = issues(hass)
    assert set(found) == {
        "agreement",
        "control_right_gone",
        "no_permission",
        "plants_vanished",
        "rate_limited",
        "stale_data",
    }
    texts = Texts(DOMAIN).english["issues"]
    for key, given in found.items():
        wanted = placeholders(texts[key]["title"] + texts[key]["description"])
        assert wanted <= set(given), key


def test_agreement_ends_with_any_answer(hass: HomeAssistant, told: Issues) -> None:
    told.answered("plants", refused("agreement"))
    told.answered("1/flow", TransportError("x", reason="timeout"))
    assert set(issues(hass)) == {"agreement"}
    told.answered("1/flow", None)
    assert issues(hass) == {}


def test_missing_right_ends_where_it_was_missing(
    hass: HomeAssistant, told: Issues
) -> None:
    """And only that of lists and powers is told; others are features."""
    told.answered("1/alarms", refused("no_rights"))
    assert issues(hass) == {}
    told.answered("1/devices", refused("no_rights"))
    told.answered("1/flow", None)
    assert set(issues(hass)) == {"no_permission"}
    told.answered("1/devices", None)
    assert issues(hass) == {}


def test_pause_is_told_when_it_lasts(
    hass: HomeAssistant, told: Issues, freezer: FrozenDateTimeFactory
) -> None:
    told.answered("1/flow", LIMITED)
    freezer.tick(timedelta(minutes=50))
    told.answered("1/flow", LIMITED)
    assert issues(hass) == {}
    told.answered("1/flow", None)
    freezer.tick(timedelta(minutes=20))
    told.answered("1/flow", LIMITED)
    assert issues(hass) == {}
    freezer.tick(timedelta(minutes=60))
    told.answered("1/flow", LIMITED)
    assert set(issues(hass)) == {"rate_limited"}
    told.answered("1/flow", None)
    assert issues(hass) == {}


def test_codes_are_counted_for_reports(told: Issues) -> None:
    told.answered("1/flow", TransportError("x", code="100000", reason="vendor_trouble"))
    told.answered("1/flow", TransportError("x", reason="timeout"))
    told.answered("1/flow", TransportError("x", reason="timeout"))
    told.answered("1/live", UnsupportedError("x", reason="asleep"))
    assert told.codes == {"100000": 1, "timeout": 2}


async def test_plant_that_the_account_lost(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    entry.add_to_hass(hass)
    plants = [sim.stations[0].id, "gone"]
    hass.config_entries.async_update_entry(
        entry, options={"live": False, "plants": plants}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert issues(hass) == {}
    for _ in range(2):
        await step(3700)
    assert issues(hass)["plants_vanished"]["plants"] == "?"
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("viewer",)])
@pytest.mark.parametrize("options", [{"live": False, "allow_control": True}])
async def test_control_without_the_right_to_it(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    await set_up(hass, entry)
    assert issues(hass)["control_right_gone"]["plants"] == sim.stations[0].name
    sim.stations[0].permissions.append("INVERTER_REMOTE")
    await step(600)
    await step(60)
    assert issues(hass) == {}


@pytest.mark.parametrize("homes", [("viewer",)])
@pytest.mark.parametrize("options", [{"live": False, "allow_control": True}])
async def test_control_that_is_not_wanted_any_more_needs_no_right(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator
) -> None:
    await set_up(hass, entry)
    assert set(issues(hass)) == {"control_right_gone"}
    hass.config_entries.async_update_entry(entry, options={"live": False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


async def test_pause_before_the_set_up_is_told_too(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, step: Step
) -> None:
    """Each attempt knows since when the vendor refuses."""
    sim.faults.add("status", "*", status=429, retry_after=600)
    await set_up(hass, entry)
    assert issues(hass) == {}
    for _ in range(9):
        await step(600)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert set(issues(hass)) == {"rate_limited"}
    sim.faults.clear()
    for _ in range(3):
        await step(600)
    assert entry.state is ConfigEntryState.LOADED
    assert issues(hass) == {}


@pytest.mark.parametrize("domain", sorted(OTHER_INTEGRATIONS))
async def test_other_integrations(
    hass: HomeAssistant, entry: MockConfigEntry, sim: GoodWeSimulator, domain: str
) -> None:
    other = MockConfigEntry(domain=domain, state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    await set_up(hass, entry)
    assert set(issues(hass)) == {"other_integration"}
    clear_all(hass, entry)
    assert issues(hass) == {}
