"""What people are told to mend."""

from datetime import timedelta

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy._vendor.core.client.errors import (
    AuthError,
    LockedError,
    NotPermittedError,
    TransportError,
)
from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.issues import Issues, clear_all
from simulator.growatt import GrowattSimulator
from tests.translation_rules import Texts, placeholders

from .conftest import issues, set_up

LISTS = ("plants", "plant_x_1/devices")


@pytest.fixture
def told(hass: HomeAssistant) -> Issues:
    """The issues of an entry."""
    return Issues(hass, MockConfigEntry(domain=DOMAIN, title="Home", entry_id="one"))


def test_texts_have_their_placeholders(hass: HomeAssistant, told: Issues) -> None:
    """Nobody sees a name in braces."""
    told.locked(dt_util.utcnow() + timedelta(hours=1))
    told.visitor(True)
    told.answered("plants", TransportError("x", reason="wrong_host"), locked_until=None)
    told.answered("plants", AuthError("x", reason="permission"), locked_until=None)
    found = issues(hass)
    assert set(found) == {
        "account_locked",
        "visitor_account",
        "wrong_host",
        "no_permission",
    }
    texts = Texts(DOMAIN).english["issues"]
    for key, supplied in found.items():
        wanted = placeholders(texts[key]["title"] + texts[key]["description"])
        assert wanted <= set(supplied), key


def test_lock_names_its_end_and_goes(hass: HomeAssistant, told: Issues) -> None:
    """The time is local; an end that has passed is none."""
    end = dt_util.utcnow() + timedelta(hours=24)
    told.answered("x/live", LockedError("x", until=end), locked_until=None)
    shown = dt_util.as_local(end).strftime("%Y-%m-%d %H:%M")
    assert issues(hass)["account_locked"] == {"account": "Home", "until": shown}
    told.answered("x/live", TransportError("x"), locked_until=end)
    assert "account_locked" in issues(hass)
    told.answered("x/live", None, locked_until=None)
    assert issues(hass) == {}
    told.locked(dt_util.utcnow() - timedelta(hours=1))
    assert issues(hass) == {}


@pytest.mark.parametrize("key", LISTS)
def test_lists_tell_of_permission_and_host(
    hass: HomeAssistant, told: Issues, key: str
) -> None:
    """A good list ends both."""
    told.answered(key, NotPermittedError("x", reason="permission"), locked_until=None)
    assert list(issues(hass)) == ["no_permission"]
    told.answered(key, None, locked_until=None)
    told.answered(key, TransportError("x", reason="wrong_host"), locked_until=None)
    assert list(issues(hass)) == ["wrong_host"]
    told.answered("one/live", None, locked_until=None)
    assert list(issues(hass)) == ["wrong_host"]
    told.answered(key, None, locked_until=None)
    assert issues(hass) == {}


def test_wrong_host_goes_with_the_document_that_told_of_it(
    hass: HomeAssistant, told: Issues
) -> None:
    """A list may come from where a device's record does not, hours apart."""
    wrong = NotPermittedError("x", reason="wrong_host")
    told.answered("one/live", wrong, locked_until=None)
    told.answered("two/live", wrong, locked_until=None)
    told.answered("one/live", None, locked_until=None)
    assert list(issues(hass)) == ["wrong_host"]
    told.answered("two/live", None, locked_until=None)
    assert issues(hass) == {}


def test_what_an_earlier_run_told_goes_with_a_list(
    hass: HomeAssistant, told: Issues
) -> None:
    """Which document it was about is not known any more."""
    told.answered(
        "one/live", NotPermittedError("x", reason="wrong_host"), locked_until=None
    )
    later = Issues(hass, MockConfigEntry(domain=DOMAIN, title="Home", entry_id="one"))
    later.answered("one/live", None, locked_until=None)
    assert list(issues(hass)) == ["wrong_host"]
    later.answered("plants", None, locked_until=None)
    assert issues(hass) == {}


def test_device_says_nothing_of_the_account(hass: HomeAssistant, told: Issues) -> None:
    """It may be somebody else's."""
    told.answered(
        "one/live", NotPermittedError("x", reason="permission"), locked_until=None
    )
    assert issues(hass) == {}


@pytest.mark.parametrize("mode", ["login"])
async def test_visitor(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Who only looks is told once, and no more when control is not wanted (Q36)."""
    sim.account.rightlevel = 0
    await set_up(hass, entry)
    assert list(issues(hass)) == ["visitor_account"]
    hass.config_entries.async_update_entry(entry, options={"allow_control": False})
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues(hass) == {}


async def test_other_integration(hass: HomeAssistant) -> None:
    """It is taken back with the last entry."""
    from custom_components.growatt_energy._vendor.core.ha.repairs import (
        watch_other_integrations,
    )
    from custom_components.growatt_energy.const import OTHER_INTEGRATIONS

    entry = MockConfigEntry(domain=DOMAIN, title="Home")
    entry.add_to_hass(hass)
    other = MockConfigEntry(domain="growatt_server", state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    assert issues(hass) == {
        "other_integration": {"name": "Growatt (part of Home Assistant)"}
    }
    clear_all(hass, entry)
    assert issues(hass) == {}
