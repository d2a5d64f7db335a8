"""What people are told to mend."""

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    NotPermittedError,
    ThrottledError,
    TransportError,
)
from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.issues import GENERAL, Issues, clear_all
from simulator.sungrow import SungrowSimulator
from tests.translation_rules import Texts, placeholders

from .conftest import issues, set_up


@pytest.fixture
def told(hass: HomeAssistant, sungrow: None) -> Issues:
    """The issues of an entry."""
    return Issues(hass, MockConfigEntry(domain=DOMAIN, title="Home", entry_id="one"))


def refused(reason: str) -> ApiError:
    return NotPermittedError("x", reason=reason)


def test_texts_have_their_placeholders(hass: HomeAssistant, told: Issues) -> None:
    """Nobody sees a name in braces."""
    found = {}
    for reason in GENERAL:
        told.answered("plants", refused(reason))
        found |= issues(hass)
    told.answered("faults", refused("no_permission"))
    told.used(1999)
    told.vanished(["Home"])
    found |= issues(hass)
    assert set(found) == {
        *GENERAL,
        "no_permission",
        "quota_nearly_used",
        "plants_not_authorized",
    }
    texts = Texts(DOMAIN).english["issues"]
    for key, given in found.items():
        wanted = placeholders(texts[key]["title"] + texts[key]["description"])
        assert wanted <= set(given), key


def test_a_general_one_ends_with_any_answer_that_is_none(
    hass: HomeAssistant, told: Issues
) -> None:
    told.answered("plants", refused("ip_not_allowed"))
    told.answered("faults", TransportError("x", reason="timeout"))
    assert set(issues(hass)) == {"ip_not_allowed"}
    told.answered("faults", ThrottledError("x", reason="month_quota"))
    assert set(issues(hass)) == {"month_quota"}
    told.answered("type_14/live", None)
    assert issues(hass) == {}


def test_a_missing_permission_ends_where_it_was_missing(
    hass: HomeAssistant, told: Issues
) -> None:
    told.answered("faults", refused("no_permission"))
    told.answered("type_14/live", refused("no_permission"))
    told.answered("type_14/live", None)
    assert set(issues(hass)) == {"no_permission"}
    told.answered("faults", None)
    assert issues(hass) == {}


def test_the_quota_is_told_at_four_fifths_and_does_not_flicker(
    hass: HomeAssistant, told: Issues
) -> None:
    told.used(1599)
    assert issues(hass) == {}
    for used in (1600, 1500):
        told.used(used)
        assert issues(hass)["quota_nearly_used"]["limit"] == "2000"
    told.used(1399)
    assert issues(hass) == {}


async def test_a_disabled_entry_complains_of_nothing(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry)
    entry.runtime_data.issues.vanished(["Home"])
    assert issues(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert issues(hass) == {}


async def test_another_integration_on_the_same_application_is_named(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Both use up the same requests, and one the other's refresh token."""
    other = MockConfigEntry(domain="isolarcloud", state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    await set_up(hass, entry)
    assert "bugjam" in issues(hass)["other_integration"]["name"]
    clear_all(hass, entry)
    assert issues(hass) == {}
