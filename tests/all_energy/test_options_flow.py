"""The same form for later: what is kept of it, however the dialog ends."""

from collections.abc import Callable
from pathlib import Path

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntryDisabler,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import IntegrationNotFound, async_get_integration
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.all_energy import hub as hub_module
from custom_components.all_energy.const import CONF_CHOICES, CONF_VENDORS, DOMAIN

from ..translation_rules import Texts, form_faults
from .conftest import Held, add_vendor, full_disk, set_up
from .made_up import CAR, SOLAR, TARIFF, Bundle
from .test_config_flow import offered, shown

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
    assert shown(result) == {CONF_VENDORS: [SOLAR, CAR]}
    assert entry.options == {CONF_VENDORS: [SOLAR, TARIFF]}
    assert bundle.version(TARIFF) == "1.0.0"
    assert bundle.version(CAR) is None


async def used_meanwhile(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch, *, done: bool
) -> ConfigFlowResult:
    """Have a vendor set up in another window while the form is at work."""
    entry = await set_up(hass, SOLAR, CAR)
    held = Held(monkeypatch, hub_module.Installer, "bring")
    submit = hass.async_create_task(submitted(hass, entry, SOLAR, TARIFF))
    await held.began()
    if done:
        add_vendor(hass, CAR)
    else:
        await hass.config_entries.flow.async_init(CAR, context={"source": SOURCE_USER})
    held.go_on()
    result = await submit
    assert entry.options == {CONF_VENDORS: [SOLAR, TARIFF, CAR]}
    assert bundle.version(TARIFF) == bundle.version(CAR) == "1.0.0"
    assert result["errors"] == {CONF_VENDORS: "in_use"}
    assert shown(result) == {CONF_VENDORS: [SOLAR, TARIFF, CAR]}
    return result


async def test_set_up_meanwhile(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has come to be used is kept, though it was free when that was asked."""
    result = await used_meanwhile(hass, bundle, monkeypatch, done=True)
    assert result["description_placeholders"] == {"entries": "My Made-up Car"}


async def test_dialog_meanwhile(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is what somebody is setting up."""
    result = await used_meanwhile(hass, bundle, monkeypatch, done=False)
    assert result["description_placeholders"] == {"entries": "Made-up Car"}


async def test_read_only(hass: HomeAssistant, bundle: Bundle) -> None:
    """The old choice stays, and the same dialog takes another try."""
    entry = await set_up(hass, SOLAR)
    with full_disk():
        result = await submitted(hass, entry, SOLAR, CAR)
    assert result["errors"] == {"base": "cannot_write"}
    assert shown(result) == {CONF_VENDORS: [SOLAR, CAR]}
    assert entry.options == {CONF_VENDORS: [SOLAR]}
    result = await hass.config_entries.options.async_configure(
        result["flow_id"], {CONF_VENDORS: [SOLAR, CAR]}
    )
    await hass.async_block_till_done()
    assert result["step_id"] == "added"
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}
    assert not ir.async_get(hass).async_get_issue(DOMAIN, "cannot_write")


async def test_what_was_placed_is_kept(hass: HomeAssistant, bundle: Bundle) -> None:
    """The dialog may be closed at the error: what is there is updated all the same."""
    entry = await set_up(hass, SOLAR)
    with full_disk(TARIFF):
        result = await submitted(hass, entry, CAR, TARIFF)
    hass.config_entries.options.async_abort(result["flow_id"])
    assert result["errors"] == {"base": "cannot_write"}
    assert bundle.version(CAR) == "1.0.0"
    assert entry.options == {CONF_VENDORS: [SOLAR, CAR]}


async def test_what_was_deleted_is_forgotten(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes back of it, though the next could not be deleted."""
    entry = await set_up(hass, SOLAR, CAR)
    remove = bundle.installer.remove

    def failing(_self: object, domain: str) -> bool:
        if domain == CAR:
            raise OSError(5, "Input/output error")
        return remove(domain)

    with monkeypatch.context() as patch:
        patch.setattr(hub_module.Installer, "remove", failing)
        result = await submitted(hass, entry, TARIFF)
    assert result["errors"] == {"base": "cannot_write"}
    assert bundle.version(SOLAR) is None
    assert entry.options == {CONF_VENDORS: [TARIFF]}


def hidden(bundle: Bundle) -> None:
    """Have a download that is still being extracted."""
    (bundle.payload / CAR).rename(bundle.hub / "later")


def linked(bundle: Bundle) -> None:
    """Have a link in the vendor's folder, so that it is left alone."""
    (bundle.components / CAR / "link").symlink_to(Path("/"))


def damaged(bundle: Bundle) -> None:
    """Have neither a folder nor anything to put there."""
    bundle.installer.remove(CAR)
    bundle.damage(CAR)


@pytest.mark.parametrize("case", [hidden, linked, damaged])
async def test_what_cannot_be_ticked_now_stays_ticked(
    hass: HomeAssistant, bundle: Bundle, case: Callable[[Bundle], None]
) -> None:
    """Nobody has unticked what the form did not offer."""
    entry = await set_up(hass, SOLAR, CAR)
    case(bundle)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert CAR not in offered(form)
    assert shown(form)[CONF_VENDORS] == [SOLAR]
    await submitted(hass, entry, SOLAR, TARIFF)
    assert entry.options == {CONF_VENDORS: [SOLAR, TARIFF, CAR]}


async def test_what_is_gone_is_still_ticked(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """Somebody deleted a folder: that is not to untick it."""
    entry = await set_up(hass, SOLAR, CAR)
    assert bundle.installer.remove(CAR)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert shown(form) == {CONF_VENDORS: [SOLAR, CAR]}


async def test_what_was_offered_is_not_any_more(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """The form can be submitted as it is shown again, with nothing ticked unseen."""
    entry = await set_up(hass, SOLAR, CAR)
    add_vendor(hass, SOLAR)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    bundle.damage(CAR)
    result = await hass.config_entries.options.async_configure(
        form["flow_id"], {CONF_VENDORS: [CAR]}
    )
    assert result["errors"] == {CONF_VENDORS: "in_use"}
    assert shown(result)[CONF_VENDORS] == [SOLAR]
    assert result["data_schema"] is not None
    assert result["data_schema"]({})[CONF_VENDORS] == [SOLAR]


@pytest.mark.parametrize("choice", ["leave", "put_back"])
async def test_choices_are_asked_for_again(
    hass: HomeAssistant, bundle: Bundle, choice: str
) -> None:
    """Else there would be no way back from leaving it."""
    bundle.install(SOLAR)
    bundle.modify(SOLAR)
    entry = await set_up(hass, SOLAR, **{CONF_CHOICES: {SOLAR: choice}})
    issue_id = f"modified.{SOLAR}"
    assert not ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await submitted(hass, entry, SOLAR)
    assert not entry.data.get(CONF_CHOICES)
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)


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
