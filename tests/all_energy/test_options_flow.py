"""The same form for later: what is kept of it, however the dialog ends."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import IntegrationNotFound, async_get_integration
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.all_energy.const import CONF_VENDORS, DOMAIN

from ..translation_rules import Texts, form_faults
from .conftest import add_vendor, set_up
from .made_up import CAR, SOLAR, TARIFF, Bundle

TEXTS = Texts(DOMAIN)


async def submitted(
    hass: HomeAssistant, entry: MockConfigEntry, *domains: str
) -> ConfigFlowResult:
    """Open the dialog and submit it."""
    form = await hass.config_entries.options.async_init(entry.entry_id)
    if form["type"] is not FlowResultType.FORM:
        return form
    assert form_faults(TEXTS, "options", form) == []
    result = await hass.config_entries.options.async_configure(
        form["flow_id"], {CONF_VENDORS: list(domains)}
    )
    await hass.async_block_till_done()
    if result["type"] is FlowResultType.FORM:
        assert form_faults(TEXTS, "options", result) == []
    return result


async def test_one_more(hass: HomeAssistant, bundle: Bundle) -> None:
    """It is placed and stored before the links to its set-up are shown."""
    entry = await set_up(hass, SOLAR)
    add_vendor(hass, SOLAR)
    result = await submitted(hass, entry, SOLAR, CAR)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "added")
    assert result["description_placeholders"] == {
        "vendors": f"[Made-up Car](/config/integrations/dashboard/add?domain={CAR})"
    }
    assert bundle.version(CAR) == "1.0.0"
    # A link or the dialog's X ends it here
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}
    done = await hass.config_entries.options.async_configure(result["flow_id"], {})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}


async def test_one_less(hass: HomeAssistant, bundle: Bundle) -> None:
    """Its folder goes, and Home Assistant offers it no more."""
    entry = await set_up(hass, SOLAR, CAR)
    add_vendor(hass, SOLAR)
    assert await async_get_integration(hass, CAR)
    result = await submitted(hass, entry, SOLAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {CONF_VENDORS: [SOLAR]}
    assert bundle.version(CAR) is None
    with pytest.raises(IntegrationNotFound):
        await async_get_integration(hass, CAR)


@pytest.mark.parametrize("disabled_by", [None, ConfigEntryDisabler.USER])
async def test_in_use(
    hass: HomeAssistant, bundle: Bundle, disabled_by: ConfigEntryDisabler | None
) -> None:
    """Nothing is changed while there is an entry, disabled or not."""
    entry = await set_up(hass, SOLAR, TARIFF)
    add_vendor(hass, SOLAR, disabled_by=disabled_by)
    result = await submitted(hass, entry, CAR)
    assert result["errors"] == {CONF_VENDORS: "in_use"}
    assert result["description_placeholders"] == {"entries": "My Made Solar"}
    assert entry.options == {CONF_VENDORS: [SOLAR, TARIFF]}
    assert bundle.version(TARIFF) == "1.0.0"
    assert bundle.version(CAR) is None


async def test_read_only(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old choice stays, and the same dialog takes another try."""
    entry = await set_up(hass, SOLAR)

    def place(*_args: Any, **_kwargs: Any) -> bool:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr("custom_components.all_energy.hub.Installer.place", place)
        result = await submitted(hass, entry, SOLAR, CAR)
    assert result["errors"] == {"base": "cannot_write"}
    assert entry.options == {CONF_VENDORS: [SOLAR]}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_VENDORS: [SOLAR, CAR]}
    )
    await hass.async_block_till_done()
    assert result["step_id"] == "added"
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}


async def test_issues_follow(hass: HomeAssistant, bundle: Bundle) -> None:
    """What is not ticked any more is nothing to repair."""
    entry = await set_up(hass, SOLAR)
    bundle.modify(SOLAR)
    await hass.config_entries.async_reload(entry.entry_id)
    issue_id = f"modified.{SOLAR}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await submitted(hass, entry, CAR)
    assert not ir.async_get(hass).async_get_issue(DOMAIN, issue_id)


async def test_loaded_before(hass: HomeAssistant, bundle: Bundle) -> None:
    """Old code cannot be set up: what came while it is loaded waits for a restart."""
    entry = await set_up(hass, SOLAR)
    vendor = add_vendor(hass, SOLAR)
    await hass.config_entries.async_setup(vendor.entry_id)
    await hass.config_entries.async_remove(vendor.entry_id)
    await submitted(hass, entry)
    bundle.carry(SOLAR, version="2.0.0")
    result = await submitted(hass, entry, SOLAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert bundle.version(SOLAR) == "2.0.0"
    assert ir.async_get(hass).async_get_issue(DOMAIN, "restart_required")


async def test_no_payload(hass: HomeAssistant, bundle: Bundle) -> None:
    """The dialog says so, and nothing is lost."""
    entry = await set_up(hass, SOLAR)
    bundle.payload.rename(bundle.hub / "elsewhere")
    result = await submitted(hass, entry)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_payload"
    assert "no_payload" in TEXTS.english["options"]["abort"]
    assert entry.options == {CONF_VENDORS: [SOLAR]}
    assert bundle.version(SOLAR) == "1.0.0"
