"""The repair issues of one entry."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha.entry_issues import EntryIssues, clear_entry_issues
from core.ha.repairs import set_issue

DOMAIN = "test"


class Issues(EntryIssues):
    """What a vendor makes of it."""

    def away(self, active: bool, plant: str = "Home") -> None:
        self._issue("away", active, plant=plant)


def entry_of(hass: HomeAssistant, name: str) -> MockConfigEntry:
    entry = MockConfigEntry(domain=DOMAIN, title=name, entry_id=name.lower())
    entry.add_to_hass(hass)
    return entry


def told(hass: HomeAssistant) -> dict[str, dict[str, str] | None]:
    return {
        issue.issue_id: issue.translation_placeholders
        for issue in ir.async_get(hass).issues.values()
        if issue.active
    }


def test_an_issue_comes_changes_and_goes(hass: HomeAssistant) -> None:
    issues = Issues(hass, entry_of(hass, "Ann"), DOMAIN)
    issues.away(True)
    assert told(hass) == {"away_ann": {"account": "Ann", "plant": "Home"}}
    issues.away(True, "Barn")
    assert told(hass) == {"away_ann": {"account": "Ann", "plant": "Barn"}}
    issues.away(False)
    assert told(hass) == {}


def test_the_title_is_called_as_the_texts_want_it(hass: HomeAssistant) -> None:
    Issues(hass, entry_of(hass, "Ann"), DOMAIN, called="battery").away(True)
    assert told(hass)["away_ann"] == {"battery": "Ann", "plant": "Home"}


def test_only_changes_are_written(hass: HomeAssistant) -> None:
    """The first one always: an earlier run may have left something."""
    issues = Issues(hass, entry_of(hass, "Ann"), DOMAIN)
    with patch("core.ha.entry_issues.set_issue") as written:
        issues.away(False)
        issues.away(False)
        issues.away(True)
        issues.away(True)
    assert [call.args[3] for call in written.call_args_list] == [False, True]


def test_what_is_said_of_others_goes_with_the_last_entry(hass: HomeAssistant) -> None:
    ann, ben = entry_of(hass, "Ann"), entry_of(hass, "Ben")
    for entry in (ann, ben):
        Issues(hass, entry, DOMAIN).away(True)
    set_issue(hass, DOMAIN, "other_integration", True, suffix="rival")
    clear_entry_issues(hass, ann, DOMAIN, {"rival"})
    assert set(told(hass)) == {"away_ben", "other_integration_rival"}
    hass.config_entries._entries.pop(ann.entry_id)
    clear_entry_issues(hass, ben, DOMAIN, {"rival"})
    assert told(hass) == {}
