"""What Home Assistant remembers of folders, and that it looks at them anew."""

from collections.abc import Collection
import json
from typing import Any

from homeassistant import loader
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigEntryState,
)
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownHandler
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.translation import async_get_translations
from homeassistant.loader import (
    IntegrationNotFound,
    async_get_custom_components,
    async_get_integration,
)
from homeassistant.setup import async_setup_component
import pytest

from custom_components.all_energy import hub as hub_module
from custom_components.all_energy.const import DOMAIN
from custom_components.all_energy.memory import (
    async_forget,
    async_forget_failure,
    is_loaded,
)

from .conftest import Held, add_vendor, hub_entry, set_up
from .made_up import CAR, SOLAR, Bundle


async def test_placed_is_found(hass: HomeAssistant, bundle: Bundle) -> None:
    """Its dialog starts in the same Home Assistant."""
    assert SOLAR not in await async_get_custom_components(hass)
    await set_up(hass, SOLAR)
    assert (await async_get_integration(hass, SOLAR)).version == "1.0.0"
    result = await hass.config_entries.flow.async_init(
        SOLAR, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.FORM


async def test_not_found_without_forgetting(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would fail; a restart is due then, and an issue says so."""

    async def nothing(_hass: HomeAssistant, _domains: Collection[str]) -> None:
        pass

    monkeypatch.setattr(hub_module, "async_forget", nothing)
    assert SOLAR not in await async_get_custom_components(hass)
    await set_up(hass, SOLAR)
    assert bundle.version(SOLAR) == "1.0.0"
    with pytest.raises(IntegrationNotFound):
        await async_get_integration(hass, SOLAR)
    with pytest.raises(UnknownHandler):
        await hass.config_entries.flow.async_init(
            SOLAR, context={"source": SOURCE_USER}
        )
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "restart_required")
    assert issue is not None
    assert issue.translation_placeholders == {"vendors": "Made Solar"}


async def test_entries_come_up_after_healing(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """They are set up, with their texts, and Home Assistant's own issue goes."""
    entries = [add_vendor(hass, SOLAR), add_vendor(hass, SOLAR)]
    disabled = add_vendor(hass, SOLAR, disabled_by=ConfigEntryDisabler.USER)
    ignored = add_vendor(hass, CAR, source="ignore")
    assert not await async_setup_component(hass, SOLAR, {})
    not_found = (HOMEASSISTANT_DOMAIN, f"integration_not_found.{SOLAR}")
    assert not_found in ir.async_get(hass).issues
    # As a page with all entries asks for
    assert not await async_get_translations(hass, "en", "title", [SOLAR])
    await set_up(hass, SOLAR, CAR)
    assert [entry.state for entry in entries] == [ConfigEntryState.LOADED] * 2
    assert disabled.state is ConfigEntryState.NOT_LOADED
    assert ignored.state is ConfigEntryState.NOT_LOADED
    assert not_found not in ir.async_get(hass).issues
    titles = await async_get_translations(hass, "en", "title", [SOLAR])
    assert titles == {f"component.{SOLAR}.title": "Made Solar 1.0.0"}


async def test_exchanged_is_seen(hass: HomeAssistant, bundle: Bundle) -> None:
    """Version, platforms, texts and icons are the new ones."""
    icons = {"icons.json": json.dumps({"services": {"go": {"service": "mdi:home"}}})}
    bundle.carry(SOLAR, more=icons)
    bundle.install(SOLAR)
    old = await async_get_integration(hass, SOLAR)
    assert old.platforms_exists(["diagnostics"]) == []
    await async_get_translations(hass, "en", "title", [SOLAR])
    await async_get_icons(hass, "services", [SOLAR])
    icons = {"icons.json": json.dumps({"services": {"go": {"service": "mdi:car"}}})}
    bundle.carry(SOLAR, version="2.0.0", more=icons | {"diagnostics.py": ""})
    await set_up(hass, SOLAR)
    new = await async_get_integration(hass, SOLAR)
    assert new.version == "2.0.0"
    assert new.platforms_exists(["diagnostics"]) == ["diagnostics"]
    titles = await async_get_translations(hass, "en", "title", [SOLAR])
    assert titles == {f"component.{SOLAR}.title": "Made Solar 2.0.0"}
    shown = await async_get_icons(hass, "services", [SOLAR])
    assert shown == {SOLAR: {"go": {"service": "mdi:car"}}}


async def test_absent_but_loaded(hass: HomeAssistant, bundle: Bundle) -> None:
    """Somebody deleted the folder of what runs: it comes back, and waits.

    Nothing new is read of what is loaded: it would not fit the old code.
    """
    entry = add_vendor(hass, SOLAR)
    hub = await set_up(hass, SOLAR)
    old = await async_get_integration(hass, SOLAR)
    (bundle.components / SOLAR).rename(bundle.hub / "elsewhere")
    bundle.carry(SOLAR, version="2.0.0")
    await hass.config_entries.async_reload(hub.entry_id)
    await hass.async_block_till_done()
    assert bundle.version(SOLAR) == "2.0.0"
    assert entry.state is ConfigEntryState.LOADED
    assert hass.data[SOLAR] == "1.0.0"
    assert await async_get_integration(hass, SOLAR) is old
    assert ir.async_get(hass).async_get_issue(DOMAIN, "restart_required")


async def test_disabled_loads_no_code(hass: HomeAssistant, bundle: Bundle) -> None:
    """There is nothing to set up of it."""
    add_vendor(hass, SOLAR, disabled_by=ConfigEntryDisabler.USER)
    await set_up(hass, SOLAR)
    assert bundle.version(SOLAR) == "1.0.0"
    assert not is_loaded(SOLAR)


async def test_set_up_that_goes_on(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Home Assistant looks for the vendor when the hub places it, and fails later."""
    entry = add_vendor(hass, SOLAR)
    await async_get_custom_components(hass)  # without it
    held = Held(monkeypatch, loader, "_resolve_integrations_from_root")
    first = hass.async_create_task(async_setup_component(hass, SOLAR, {}))
    await held.began()
    await set_up_only(hass, SOLAR)
    waiting = hass.async_create_task(async_get_integration(hass, SOLAR))
    assert bundle.version(SOLAR) == "1.0.0"
    held.go_on()
    assert not await first
    with pytest.raises(IntegrationNotFound):
        await waiting
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    not_found = (HOMEASSISTANT_DOMAIN, f"integration_not_found.{SOLAR}")
    assert not_found not in ir.async_get(hass).issues


async def set_up_only(hass: HomeAssistant, *ticked: str) -> None:
    """Set the hub up, and wait for nothing else."""
    entry = hub_entry(*ticked)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)


async def test_scan_that_goes_on(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that was begun before the placing is not the last word."""
    await set_up(hass, CAR)
    listed = loader._get_custom_components

    class Lister:
        """Its end is what is held: it has read the folder by then."""

        @staticmethod
        def end(found: Any) -> Any:
            return found

    held = Held(monkeypatch, Lister, "end")
    monkeypatch.setattr(
        loader, "_get_custom_components", lambda hass: Lister.end(listed(hass))
    )
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)  # as HACS does it
    scan = hass.async_create_task(async_get_custom_components(hass))
    await held.began()
    hass.loop.call_later(0.2, held.go_on)
    await hub_module.async_hub(hass).bring([SOLAR])
    assert SOLAR not in await scan
    assert SOLAR in await async_get_custom_components(hass)


async def test_stale_is_not_woken(hass: HomeAssistant, bundle: Bundle) -> None:
    """An entry of code that is loaded would read the new files with it."""
    await set_up(hass, SOLAR)
    await hass.config_entries.flow.async_init(SOLAR, context={"source": SOURCE_USER})
    assert bundle.installer.remove(SOLAR)
    bundle.carry(SOLAR, version="2.0.0")
    entry = add_vendor(hass, SOLAR)
    await hub_module.async_hub(hass).bring([SOLAR])
    await hass.async_block_till_done()
    assert bundle.version(SOLAR) == "2.0.0"
    assert entry.state is ConfigEntryState.NOT_LOADED


async def test_home_assistant_keeps_it_elsewhere(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts and failures are its own affair: without them a vendor still comes."""
    for key in ("translation_flatten_cache", "setup_tasks"):
        hass.data.setdefault(key, {})
        monkeypatch.delitem(hass.data, key)
    await async_forget(hass, [SOLAR])
    await async_forget_failure(hass, SOLAR)
    monkeypatch.undo()
