"""Start, stop and end of the hub's entry, and what becomes of the vendors."""

import asyncio
from collections.abc import Callable
import logging
from typing import Any, Never

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.all_energy import hub as hub_module
from custom_components.all_energy.const import CONF_CHOICES, CONF_VENDORS, DOMAIN
from custom_components.all_energy.installer import STAGING

from .conftest import Held, add_vendor, full_disk, set_up
from .made_up import CAR, SOLAR, TARIFF, Bundle


async def stop(hass: HomeAssistant) -> None:
    """Come to the stage of a stop in which nothing runs any more."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()


def issues(hass: HomeAssistant) -> list[str]:
    return [key for domain, key in ir.async_get(hass).issues if domain == DOMAIN]


def ours(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [one for one in caplog.records if one.name.startswith("custom_components")]


async def test_absent(hass: HomeAssistant, bundle: Bundle) -> None:
    """What is ticked and not there is placed; the rest is not."""
    entry = await set_up(hass, SOLAR)
    assert entry.state is ConfigEntryState.LOADED
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(CAR) is None


async def test_quiet(
    hass: HomeAssistant, bundle: Bundle, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing of it is worth a warning."""
    await set_up(hass, SOLAR)
    await stop(hass)
    assert [one.getMessage() for one in ours(caplog)] == [f"{SOLAR} was placed"]
    assert {one.levelno for one in ours(caplog)} == {logging.INFO}


@pytest.mark.parametrize("version", ["0.9.0", "2.0.0"])
async def test_other_version_not_in_use(
    hass: HomeAssistant, bundle: Bundle, version: str
) -> None:
    """It is exchanged at once, for a newer or an older one."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version=version)
    await set_up(hass, SOLAR)
    assert bundle.version(SOLAR) == version
    assert issues(hass) == []


@pytest.mark.parametrize("disabled_by", [None, ConfigEntryDisabler.USER])
async def test_other_version_in_use(
    hass: HomeAssistant, bundle: Bundle, disabled_by: ConfigEntryDisabler | None
) -> None:
    """It is exchanged when Home Assistant stops, and an issue says so."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    add_vendor(hass, SOLAR, disabled_by=disabled_by)
    await set_up(hass, SOLAR)
    assert bundle.version(SOLAR) == "1.0.0"
    assert issues(hass) == ["restart_required"]
    await stop(hass)
    assert bundle.version(SOLAR) == "2.0.0"


async def test_other_version_of_loaded_code(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """Whoever looked at its dialog has loaded it, though there is no entry."""
    bundle.install(SOLAR)
    await hass.config_entries.flow.async_init(SOLAR, context={"source": SOURCE_USER})
    bundle.carry(SOLAR, version="2.0.0")
    await set_up(hass, SOLAR)
    assert bundle.version(SOLAR) == "1.0.0"
    assert issues(hass) == ["restart_required"]


async def test_update_while_it_runs(hass: HomeAssistant, bundle: Bundle) -> None:
    """The payload that lies there at the stop counts, not that of the start."""
    await set_up(hass, SOLAR, CAR)
    add_vendor(hass, SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    bundle.carry(TARIFF, version="2.0.0")
    await hass.async_stop(force=True)
    assert bundle.version(SOLAR) == "2.0.0"
    assert bundle.version(TARIFF) is None
    assert bundle.version(CAR) == "1.0.0"


@pytest.mark.parametrize("in_format", [0, 2, "1", None])
async def test_format_of_the_future(
    hass: HomeAssistant, bundle: Bundle, in_format: Any
) -> None:
    """Old code leaves a new payload to the new code."""
    await set_up(hass, SOLAR, CAR)
    bundle.carry(SOLAR, version="2.0.0")
    bundle.seal(SOLAR, format=in_format)
    await stop(hass)
    assert bundle.version(SOLAR) == "1.0.0"


async def test_disk_full_at_the_stop(
    hass: HomeAssistant, bundle: Bundle, caplog: pytest.LogCaptureFixture
) -> None:
    """The stop goes on, and the log says what was not done."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    add_vendor(hass, SOLAR)
    await set_up(hass, SOLAR)
    with full_disk():
        await stop(hass)
    [error] = [one for one in ours(caplog) if one.levelno >= logging.WARNING]
    assert error.levelno == logging.ERROR
    assert "No space left on device" in error.getMessage()
    assert "Traceback" not in caplog.text
    assert bundle.version(SOLAR) == "1.0.0"


async def test_disk_full_at_the_start(hass: HomeAssistant, bundle: Bundle) -> None:
    """An issue says so; what could be placed is there, and the rest comes later."""
    waiting = add_vendor(hass, SOLAR)
    with full_disk(CAR):
        entry = await set_up(hass, SOLAR, CAR)
    assert entry.state is ConfigEntryState.LOADED
    assert issues(hass) == ["cannot_write"]
    assert waiting.state is ConfigEntryState.LOADED
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert bundle.version(CAR) == "1.0.0"
    assert issues(hass) == []


async def test_disk_full_from_start_to_stop(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """One vendor that has no room keeps no other from its update, or its issues."""
    for domain in (SOLAR, TARIFF):
        bundle.install(domain)
        add_vendor(hass, domain)
    bundle.modify(TARIFF)
    bundle.carry(SOLAR, version="2.0.0")
    with full_disk(CAR):
        await set_up(hass, SOLAR, TARIFF, CAR)
        assert sorted(issues(hass)) == [
            "cannot_write",
            f"modified.{TARIFF}",
            "restart_required",
        ]
        await stop(hass)
    assert bundle.version(SOLAR) == "2.0.0"


async def test_one_job_at_a_time(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While folders are exchanged nobody looks at them, and none is deleted."""
    await set_up(hass, SOLAR)
    hub = hub_module.async_hub(hass)
    entered: list[str] = []

    def enter(name: str) -> Callable[..., list[Never]]:
        return lambda *_args: entered.append(name) or []

    held = Held(monkeypatch, hub_module.Installer, "bring")
    for name in ("look", "remove"):
        monkeypatch.setattr(hub_module.Installer, name, enter(name))
    # The real one looks too
    monkeypatch.setattr(hub_module.Installer, "_look", lambda *_args: None)
    bring = hass.async_create_task(hub.bring([CAR]))
    await held.began()
    others = [hass.async_create_task(one) for one in (hub.look(), hub.remove([SOLAR]))]
    await asyncio.sleep(0.05)
    assert entered == []
    assert not any(one.done() for one in others)
    held.go_on()
    await asyncio.gather(bring, *others)
    assert {"look", "remove"} == {*entered}


async def test_disabled(hass: HomeAssistant, bundle: Bundle) -> None:
    """From then on nothing is done, at no stop, and nothing is to be repaired."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    add_vendor(hass, SOLAR)
    entry = await set_up(hass, SOLAR)
    assert issues(hass) == ["restart_required"]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert issues(hass) == []
    await stop(hass)
    assert bundle.version(SOLAR) == "1.0.0"
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    await stop(hass)
    assert bundle.version(SOLAR) == "2.0.0"


async def test_reloaded(hass: HomeAssistant, bundle: Bundle) -> None:
    """One listener is left, and an issue that was dismissed stays so."""
    bundle.install(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    add_vendor(hass, SOLAR)
    entry = await set_up(hass, SOLAR)
    ir.async_ignore_issue(hass, DOMAIN, "restart_required", True)
    listeners = hass.bus.async_listeners()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert hass.bus.async_listeners() == listeners
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "restart_required")
    assert issue is not None
    assert issue.active
    assert issue.dismissed_version


async def test_no_payload(hass: HomeAssistant, bundle: Bundle) -> None:
    """A checkout in the place of the download touches nothing."""
    bundle.install(SOLAR)
    bundle.payload.rename(bundle.hub / "elsewhere")
    entry = await set_up(hass, SOLAR, CAR)
    await stop(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(CAR) is None
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert bundle.version(SOLAR) == "1.0.0"


async def test_removed(
    hass: HomeAssistant, bundle: Bundle, caplog: pytest.LogCaptureFixture
) -> None:
    """What is set up of anything goes on; what is not goes, if it is ours."""
    add_vendor(hass, SOLAR, disabled_by=ConfigEntryDisabler.USER)
    add_vendor(hass, CAR, source=SOURCE_IGNORE)
    bundle.put_otherwise(TARIFF)
    add_vendor(hass, TARIFF)
    entry = await set_up(hass, SOLAR, CAR)
    bundle.modify(SOLAR)
    await hass.config_entries.async_reload(entry.entry_id)
    assert issues(hass) == [f"modified.{SOLAR}"]
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(TARIFF) == "1.0.0"
    assert bundle.version(CAR) is None
    assert not (bundle.components / STAGING).exists()
    assert issues(hass) == []
    assert f"Left in place, as in use or changed: {SOLAR}\n" in caplog.text
    bundle.carry(SOLAR, version="2.0.0")
    await stop(hass)
    assert bundle.version(SOLAR) == "1.0.0"


async def test_removed_from_a_full_disk(
    hass: HomeAssistant,
    bundle: Bundle,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The entry goes all the same, and the log says what is left."""
    entry = await set_up(hass, SOLAR)

    def remove(*_args: Any) -> bool:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("custom_components.all_energy.hub.Installer.remove", remove)
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)
    assert "Read-only file system" in caplog.text
    assert "Traceback" not in caplog.text


async def test_changed_is_kept(
    hass: HomeAssistant, bundle: Bundle, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody who takes the hub away says that his own changes may go."""
    entry = await set_up(hass, SOLAR, CAR, **{CONF_CHOICES: {SOLAR: "leave"}})
    bundle.modify(SOLAR)
    await hass.config_entries.async_remove(entry.entry_id)
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(CAR) is None
    [left] = [one for one in caplog.records if "Left in place" in one.getMessage()]
    assert left.levelno == logging.INFO
    assert SOLAR in left.getMessage()
    assert CAR not in left.getMessage()


async def test_removed_while_a_vendor_is_set_up(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """A dialog that is open keeps its vendor."""
    entry = await set_up(hass, SOLAR, CAR)
    await hass.config_entries.flow.async_init(CAR, context={"source": SOURCE_USER})
    await hass.config_entries.async_remove(entry.entry_id)
    assert bundle.version(SOLAR) is None
    assert bundle.version(CAR) == "1.0.0"


@pytest.mark.parametrize(
    ("choice", "version"), [("put_back", "1.0.0"), ("leave", "0.9.0"), (None, "0.9.0")]
)
async def test_modified_at_the_stop(
    hass: HomeAssistant, bundle: Bundle, choice: str | None, version: str
) -> None:
    """It is as somebody chose it, and stays where nobody did."""
    bundle.carry(SOLAR, version="0.9.0")
    bundle.install(SOLAR)
    bundle.modify(SOLAR)
    bundle.carry(SOLAR)
    choices = {SOLAR: choice} if choice else {}
    entry = await set_up(hass, SOLAR, **{CONF_CHOICES: choices})
    assert bundle.version(SOLAR) == "0.9.0"
    await stop(hass)
    assert bundle.version(SOLAR) == version
    # As at the next start
    await hass.config_entries.async_reload(entry.entry_id)
    kept = {SOLAR: "leave"} if choice == "leave" else {}
    assert entry.data[CONF_CHOICES] == kept
