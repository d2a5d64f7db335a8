"""The owner of the managers: one for each device, whatever becomes of its entry."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from core.control.outcome import Outcome, Problem
from core.ha.account import Account, AccountNotes, async_account
from core.ha.control import async_control_center
from core.ha.repairs import anonymous

from .accounts import new_account
from .home import DOMAIN
from .owner import KEY, LEASES, Owner, force


async def test_a_device_has_one_manager(owner: Owner) -> None:
    manager = await owner.manage()
    assert owner.center.manager(KEY) is manager
    assert owner.center.manager("other") is None
    assert (manager.key, manager.owner) == (KEY, owner.entry.entry_id)
    again = await owner.manage()
    assert owner.center.manager(KEY) is again
    assert manager._jobs.closed
    assert not again._jobs.closed


async def test_who_comes_next_waits_for_what_is_on_its_way(owner: Owner) -> None:
    """Both never write; what was leased goes on with the new one."""
    driver = owner.driver()
    driver.delay = 20
    manager = await owner.manage(driver)
    order = owner.hass.async_create_task(manager.execute(force(60)))
    await owner.write_begins()
    again = await owner.manage()
    assert order.done()
    assert order.result().outcome is Outcome.APPLIED
    assert again.mode == "force_charge"
    assert owner.leased == [KEY]


async def test_two_at_once_leave_one(owner: Owner) -> None:
    managers = await asyncio.gather(*(owner.manage() for _ in range(3)))
    (open_one,) = (one for one in managers if not one._jobs.closed)
    assert owner.center.manager(KEY) is open_one


async def test_closing_leaves_the_leases(owner: Owner) -> None:
    manager = await owner.forced()
    await owner.center.async_close("somebody else")
    assert owner.center.manager(KEY) is manager
    await owner.center.async_close(owner.entry.entry_id)
    assert owner.center.manager(KEY) is None
    assert owner.leased == [KEY]
    assert owner.device.values["mode"] == "force"


async def test_closing_can_leave_those_with_something_to_put_back(owner: Owner) -> None:
    manager = await owner.forced()
    other = await owner.center.async_manage(
        owner.entry.entry_id, "idle", owner.driver(), owner.account
    )
    await owner.center.async_close(owner.entry.entry_id, but_leased=True)
    assert owner.center.manager(KEY) is manager
    assert other._jobs.closed


async def test_a_device_that_is_dropped_keeps_its_lease_on_disk(
    owner: Owner, hass_storage: dict[str, Any]
) -> None:
    await owner.forced()
    await owner.drop()
    await owner.center.async_drop(owner.entry.entry_id, "unknown")
    assert owner.center.manager(KEY) is None
    assert owner.leased == [KEY]
    assert KEY in hass_storage[LEASES]["data"]


async def test_a_device_that_is_forgotten_has_none(
    owner: Owner, hass_storage: dict[str, Any]
) -> None:
    await owner.forced()
    await owner.center.async_forget(owner.entry.entry_id, KEY)
    assert owner.leased == []
    assert hass_storage[LEASES]["data"] == {}


async def test_home_assistant_waits_for_what_is_on_its_way(
    owner: Owner, hass_storage: dict[str, Any]
) -> None:
    driver = owner.driver()
    driver.delay = 5
    manager = await owner.manage(driver)
    order = owner.hass.async_create_task(manager.execute(force(60)))
    await owner.write_begins()
    await owner.hass.async_stop()
    assert order.result().outcome is Outcome.APPLIED
    lease = hass_storage[LEASES]["data"][KEY]["leases"]["mode"]
    assert lease["state"] == "active"
    assert manager._jobs.closed


async def test_problems_become_issues_of_the_device(owner: Owner) -> None:
    manager = await owner.manage()
    manager._news.problem(Problem.FORCED_WITHOUT_LEASE)
    manager._news.changed()
    ((_, issue_id), issue) = next(iter(ir.async_get(owner.hass).issues.items()))
    assert issue_id.endswith(f"{owner.entry.entry_id}_{anonymous(KEY)}")
    assert issue.data == {"device": anonymous(KEY)}
    assert issue.translation_placeholders == {
        "account": owner.entry.title,
        "system": "2345",
        "device": "…2345",
    }
    manager._news.solved(Problem.FORCED_WITHOUT_LEASE)
    manager._news.changed()
    assert owner.issues() == []


async def test_notes_are_those_of_the_account(account: Account) -> None:
    notes = AccountNotes(account)
    assert notes.get("a") is None
    notes.set("a", {"b": 1})
    assert notes.get("a") == account.notes["a"] == {"b": 1}
    notes.set("a", None)
    assert account.notes == {}


async def test_notes_are_on_disk_when_they_are_saved(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    account = await async_account(hass, DOMAIN, "some_account", new_account)
    account.keep()
    notes = AccountNotes(account)
    notes.set("a", 1)
    await notes.save()
    (file,) = hass_storage.values()
    assert file["data"]["notes"] == {"a": 1}


async def test_there_is_one_centre(hass: HomeAssistant, owner: Owner) -> None:
    """Also when several entries ask for it at once, and one of them gives up."""
    asked = [
        hass.async_create_task(async_control_center(hass, DOMAIN, owner.build))
        for _ in range(3)
    ]
    await asyncio.sleep(0)
    asked.pop(0).cancel()
    one, other = await asyncio.gather(*asked)
    assert one is other
    assert await async_control_center(hass, DOMAIN, owner.build) is one
    assert await async_control_center(hass, "other_energy", owner.build) is not one
