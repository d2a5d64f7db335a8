"""Issues come with their reason and go with it."""

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha.repairs import clear_issues, set_issue, watch_other_integrations

from .home import DOMAIN

OTHERS = {"alphaess": "AlphaESS (community integration)"}
ISSUE = "other_integration_alphaess"


def issues(hass: HomeAssistant) -> set[str]:
    return {
        issue_id for domain, issue_id in ir.async_get(hass).issues if domain == DOMAIN
    }


def test_an_issue(hass: HomeAssistant, issue_registry: ir.IssueRegistry) -> None:
    """It says what a person can do, cannot be clicked away, and is taken back."""
    set_issue(hass, DOMAIN, "clock_skew", True, placeholders={"account": "Home"})
    issue = issue_registry.async_get_issue(DOMAIN, "clock_skew")
    assert issue is not None
    assert (issue.translation_key, issue.translation_placeholders) == (
        "clock_skew",
        {"account": "Home"},
    )
    assert issue.severity is ir.IssueSeverity.WARNING
    assert issue.is_fixable is False
    set_issue(hass, DOMAIN, "clock_skew", False)
    assert issues(hass) == set()
    set_issue(hass, DOMAIN, "clock_skew", False)


def test_issues_of_one_kind(hass: HomeAssistant) -> None:
    """Two entries have one each; a removed one takes only its own along."""
    for suffix in ("entry1", "entry2"):
        set_issue(hass, DOMAIN, "clock_skew", True, suffix=suffix)
    set_issue(
        hass,
        DOMAIN,
        "not_bound",
        True,
        suffix="entry1_0101",
        severity=ir.IssueSeverity.ERROR,
    )
    ir.async_create_issue(
        hass,
        "other_domain",
        "clock_skew_entry1",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="x",
    )
    clear_issues(hass, DOMAIN, "entry1")
    assert issues(hass) == {"clock_skew_entry2"}
    assert ("other_domain", "clock_skew_entry1") in ir.async_get(hass).issues


@pytest.fixture
def other(hass: HomeAssistant) -> MockConfigEntry:
    """The community's integration."""
    other = MockConfigEntry(domain="alphaess", title="Other")
    other.add_to_hass(hass)
    return other


async def test_another_integration_that_is_there(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Two pollers share one quota: people should know."""
    other.mock_state(hass, ConfigEntryState.LOADED)
    watch_other_integrations(hass, entry, DOMAIN, OTHERS)
    assert issues(hass) == {ISSUE}
    issue = ir.async_get(hass).async_get_issue(DOMAIN, ISSUE)
    assert issue is not None
    assert issue.translation_key == "other_integration"
    assert issue.translation_placeholders == {"name": OTHERS["alphaess"]}


async def test_another_integration_comes_and_goes(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Loaded later, unloaded, loaded again, removed."""
    watch_other_integrations(hass, entry, DOMAIN, OTHERS)
    assert issues(hass) == set()
    for state, expected in (
        (ConfigEntryState.LOADED, {ISSUE}),
        (ConfigEntryState.NOT_LOADED, set()),
        (ConfigEntryState.SETUP_RETRY, set()),
        (ConfigEntryState.LOADED, {ISSUE}),
    ):
        other.mock_state(hass, state)
        await hass.async_block_till_done()
        assert issues(hass) == expected
    other.mock_state(hass, ConfigEntryState.NOT_LOADED)
    await hass.config_entries.async_remove(other.entry_id)
    await hass.async_block_till_done()
    assert issues(hass) == set()


async def test_one_that_does_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Disabled and ignored entries poll nobody; other domains do not matter."""
    for number, changes in enumerate(
        (
            {"domain": "alphaess", "disabled_by": ConfigEntryDisabler.USER},
            {"domain": "alphaess", "source": "ignore"},
            {"domain": "sonnen"},
        )
    ):
        idle = MockConfigEntry(entry_id=f"idle{number}", **changes)
        idle.add_to_hass(hass)
        idle.mock_state(hass, ConfigEntryState.LOADED)
    watch_other_integrations(hass, entry, DOMAIN, OTHERS)
    await hass.async_block_till_done()
    assert issues(hass) == set()


async def test_who_is_unloaded_watches_no_more(
    hass: HomeAssistant, entry: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Without our entry there is nothing to share."""
    watch_other_integrations(hass, entry, DOMAIN, OTHERS)
    await entry._async_process_on_unload(hass)
    other.mock_state(hass, ConfigEntryState.LOADED)
    await hass.async_block_till_done()
    assert issues(hass) == set()
