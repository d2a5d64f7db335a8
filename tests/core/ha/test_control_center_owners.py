"""A device that more than one entry has: one of them controls it."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.control.manager import ControlManager
from core.control.outcome import Problem, Refusal
from core.ha.account import Account
from core.ha.repairs import anonymous

from ..control.device import BEFORE
from .home import DOMAIN
from .owner import KEY, LEASES, Owner


class Second:
    """Another entry that has the same device."""

    def __init__(self, owner: Owner, account: Account) -> None:
        self.owner, self.account = owner, account
        self.entry = MockConfigEntry(domain=DOMAIN, title="Other", entry_id="other")
        self.entry.add_to_hass(owner.hass)

    async def manage(self) -> ControlManager:
        return await self.owner.center.async_manage(
            self.entry.entry_id, KEY, self.owner.driver(), self.account
        )

    @property
    def leased(self) -> list[str]:
        return self.owner.center.leased(self.entry.entry_id)


@pytest.fixture
def second(owner: Owner) -> Second:
    """One with an account of its own."""
    return Second(
        owner, Account(budget=owner.account.budget, redactor=owner.account.redactor)
    )


def ids(hass: HomeAssistant) -> list[str]:
    return [issue_id for _, issue_id in ir.async_get(hass).issues]


@pytest.mark.parametrize(
    "state",
    [
        ConfigEntryState.LOADED,
        ConfigEntryState.SETUP_IN_PROGRESS,
        ConfigEntryState.UNLOAD_IN_PROGRESS,
    ],
)
async def test_who_is_at_work_keeps_it(
    owner: Owner, second: Second, state: ConfigEntryState
) -> None:
    """Two would end each other's forces."""
    manager = await owner.forced()
    owner.entry.mock_state(owner.hass, state)
    with pytest.raises(Refusal) as info:
        await second.manage()
    assert info.value.key == "controlled_elsewhere"
    assert info.value.placeholders == {"account": owner.entry.title}
    assert owner.center.manager(KEY) is manager
    assert not manager._jobs.closed
    assert (owner.leased, second.leased) == ([KEY], [])
    # Itself it may begin anew, as a reload does
    await owner.manage()
    owner.entry.mock_state(owner.hass, ConfigEntryState.NOT_LOADED)


async def test_who_comes_next_takes_over_what_is_leased(
    owner: Owner, second: Second, hass_storage: dict[str, Any]
) -> None:
    await owner.forced()
    await owner.center.async_close(owner.entry.entry_id)
    manager = await second.manage()
    assert manager.mode == "force_charge"
    assert (owner.leased, second.leased) == ([], [KEY])
    assert hass_storage[LEASES]["data"][KEY]["owner"] == second.entry.entry_id
    assert await owner.center.async_end(owner.entry, "disabled")
    assert owner.built == []
    assert await owner.center.async_end(second.entry, "disabled")
    assert owner.device.values == BEFORE


async def test_who_lost_it_leaves_it_alone(owner: Owner, second: Second) -> None:
    """However it lets go: it is not its own any more."""
    await owner.forced()
    manager = await second.manage()
    await owner.drop()
    await owner.center.async_forget(owner.entry.entry_id, KEY)
    await owner.center.async_close(owner.entry.entry_id)
    await owner.center.async_remove(owner.entry)
    assert owner.center.manager(KEY) is manager
    assert not manager._jobs.closed
    assert second.leased == [KEY]
    assert owner.issues() == []
    assert await manager.end("later")
    assert owner.device.values == BEFORE


@pytest.mark.parametrize("managed", [False, True])
async def test_what_the_last_one_told_goes_with_it(
    owner: Owner, second: Second, managed: bool
) -> None:
    manager = await owner.forced()
    manager._news.problem(Problem.UNVERIFIED)
    manager._news.changed()
    assert owner.issues() == ["control_unverified"]
    if not managed:
        await owner.center.async_close(owner.entry.entry_id)
    await second.manage()
    assert owner.issues() == []


async def test_what_is_told_of_a_device_that_is_dropped(owner: Owner) -> None:
    """Only what still matters."""
    manager = await owner.forced()
    manager._news.problem(Problem.UNVERIFIED)
    manager._news.changed()
    await owner.drop()
    assert owner.issues() == ["left_forced"]


async def test_what_was_left_is_told_until_another_has_put_it_back(
    owner: Owner, second: Second
) -> None:
    await owner.forced()
    await owner.drop()
    manager = await second.manage()
    assert owner.issues() == ["left_forced"]
    assert await manager.end("later")
    await owner.hass.async_block_till_done()
    assert owner.issues() == []


async def test_what_was_left_without_its_lease(owner: Owner) -> None:
    """The entry was removed and added again: what was noted of the force tells."""
    await owner.forced()
    owner.device.online = False
    await owner.center.async_remove(owner.entry)
    assert owner.leased == []
    manager = await owner.manage()
    await owner.hass.async_block_till_done()
    assert owner.issues() == ["left_forced"]
    owner.device.online = True
    await manager.end_forced()
    await owner.hass.async_block_till_done()
    assert owner.issues() == []


async def test_nobody_knows_of_what_was_left(owner: Owner) -> None:
    """With neither a lease nor a note there is nothing that could be ended."""
    await owner.forced()
    owner.device.online = False
    await owner.center.async_remove(owner.entry)
    owner.account.notes.clear()
    await owner.manage()
    assert owner.issues() == []


async def test_no_serial_is_told(owner: Owner) -> None:
    """Diagnostics take the issues along, with their ids and data."""
    manager = await owner.forced()
    for problem in Problem:
        manager._news.problem(problem, detail="busy")
    manager._news.changed()
    # Dropping takes those back; what is left has no serial either
    told = [issue.to_json() for issue in ir.async_get(owner.hass).issues.values()]
    assert KEY not in str(told)
    await owner.drop()
    assert ids(owner.hass) == [f"left_forced_{anonymous(KEY)}"]


async def test_people_know_a_device_by_its_name(owner: Owner) -> None:
    registry = dr.async_get(owner.hass)
    device = registry.async_get_or_create(
        config_entry_id=owner.entry.entry_id,
        identifiers={(DOMAIN, KEY)},
        name="Wallbox",
    )

    async def told() -> str:
        manager = await owner.center.async_manage(
            owner.entry.entry_id, f"{KEY}/part", owner.driver(), owner.account
        )
        manager._news.problem(Problem.UNVERIFIED)
        manager._news.changed()
        (issue,) = ir.async_get(owner.hass).issues.values()
        assert issue.translation_placeholders is not None
        return issue.translation_placeholders["device"]

    assert await told() == "Wallbox"
    registry.async_update_device(device.id, name_by_user="Carport")
    assert await told() == "Carport"


async def test_a_reload_leaves_issues_as_they_are(owner: Owner) -> None:
    """What was ignored stays so; nothing goes and comes again."""
    changes: list[str] = []
    manager = await owner.manage()
    manager._news.problem(Problem.UNVERIFIED)
    manager._news.changed()
    ((domain, issue_id),) = ir.async_get(owner.hass).issues
    ir.async_ignore_issue(owner.hass, domain, issue_id, True)
    await owner.hass.async_block_till_done()
    owner.hass.bus.async_listen(
        ir.EVENT_REPAIRS_ISSUE_REGISTRY_UPDATED,
        lambda event: changes.append(event.data["action"]),
    )
    await owner.center.async_close(owner.entry.entry_id)
    manager = await owner.manage()
    await owner.hass.async_block_till_done()
    issue = ir.async_get(owner.hass).async_get_issue(domain, issue_id)
    assert issue is not None
    assert issue.dismissed_version is not None
    assert changes == []
    manager._news.solved(Problem.UNVERIFIED)
    manager._news.changed()
    assert owner.issues() == []
