"""Problems of control come up as repair issues, and go with their reason."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from core.control.outcome import Problem
from core.ha.control_issues import follow_problems
from core.ha.repairs import set_issue

from .controlled import FakeManager
from .home import DOMAIN

SUFFIX = "entry_S1"


@pytest.fixture
def manager(hass: HomeAssistant) -> FakeManager:
    """One without problems yet, that is followed."""
    manager = FakeManager("S1")
    manager.stop = follow(hass, manager)  # type: ignore[attr-defined]
    return manager


def follow(hass: HomeAssistant, manager: FakeManager) -> object:
    return follow_problems(
        hass,
        DOMAIN,
        manager,  # type: ignore[arg-type]
        suffix=SUFFIX,
        names=lambda: {"system": "0101", "account": "Home"},
        fix={"key": "S1"},
    )


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    return {
        issue_id: item
        for (domain, issue_id), item in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


@pytest.mark.parametrize("problem", list(Problem))
async def test_a_problem_is_an_issue_while_it_lasts(
    hass: HomeAssistant, manager: FakeManager, problem: Problem
) -> None:
    assert issues(hass) == {}
    manager.changed(problems={problem: {"detail": "busy"}})
    (found,) = issues(hass).values()
    assert found.issue_id == f"{problem}_{SUFFIX}"
    assert found.translation_key == problem
    assert found.translation_placeholders == {
        "system": "0101",
        "account": "Home",
        "detail": "busy",
    }
    fixable = problem is Problem.FORCED_WITHOUT_LEASE
    assert found.is_fixable is fixable
    assert found.data == ({"key": "S1"} if fixable else None)
    grave = problem in {Problem.RESTORE_FAILED, Problem.HALF_APPLIED}
    assert (found.severity is ir.IssueSeverity.ERROR) is grave
    manager.changed(problems={})
    assert issues(hass) == {}


async def test_an_issue_follows_what_it_tells(
    hass: HomeAssistant, manager: FakeManager
) -> None:
    """And does not come back by itself when somebody has ignored it."""
    for writes in ("61", "62"):
        manager.changed(problems={Problem.MANY_WRITES: {"writes": writes}})
        (found,) = issues(hass).values()
        assert found.translation_placeholders is not None
        assert found.translation_placeholders["writes"] == writes
    ir.async_delete_issue(hass, DOMAIN, found.issue_id)
    manager.changed()
    assert issues(hass) == {}


async def test_what_is_said_of_a_day_ends_with_it(
    hass: HomeAssistant, manager: FakeManager, freezer: FrozenDateTimeFactory
) -> None:
    manager.changed(problems={Problem.MANY_WRITES: {"writes": "61"}})
    manager.problems = {}
    freezer.tick(25 * 3600)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert issues(hass) == {}


async def test_who_begins_takes_back_what_is_over(hass: HomeAssistant) -> None:
    """An issue of the last run whose problem is gone."""
    set_issue(hass, DOMAIN, str(Problem.UNVERIFIED), True, suffix=SUFFIX)
    follow(hass, FakeManager("S1"))
    assert issues(hass) == {}


async def test_who_is_not_followed_any_more_leaves_its_issues(
    hass: HomeAssistant, manager: FakeManager
) -> None:
    manager.changed(problems={Problem.UNVERIFIED: {}})
    manager.stop()  # type: ignore[attr-defined]
    manager.changed(problems={})
    assert len(issues(hass)) == 1
    assert manager.listeners == []
