"""Issues and the dialogs that end them."""

from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_mock_service

from custom_components.all_energy.const import CONF_CHOICES, DOMAIN

from ..translation_rules import Texts, placeholders, strings
from .conftest import add_vendor, full_disk, set_up
from .made_up import CAR, SOLAR, Bundle

ENGLISH = Texts(DOMAIN).english["issues"]
RESTART = "restart_required"


def found(hass: HomeAssistant) -> dict[str, str]:
    """Return the vendors that each issue names, after a look at its texts."""
    names = {}
    for (domain, issue_id), issue in ir.async_get(hass).issues.items():
        if domain != DOMAIN:
            continue
        texts = ENGLISH[issue.translation_key]
        part = "fix_flow" if issue.is_fixable else "description"
        assert set(texts) == {"title", part}
        given = issue.translation_placeholders
        assert given is not None
        assert issue.is_fixable is (issue.translation_key in {RESTART, "modified"})
        for path, text in strings(texts):
            if ".abort." not in path:
                assert placeholders(text) <= set(given)
        [names[issue_id]] = given.values()
    return names


async def opened(hass: HomeAssistant, issue_id: str) -> tuple[Any, ConfigFlowResult]:
    """Click on an issue; return what manages its dialog, and the first step."""
    assert await async_setup_component(hass, REPAIRS, {})
    manager = hass.data[REPAIRS]["flow_manager"]
    step = await manager.async_init(DOMAIN, context={"issue_id": issue_id})
    key = issue_id.partition(".")[0]
    assert step["step_id"] in ENGLISH[key]["fix_flow"]["step"]
    assert set(step["description_placeholders"]) == {"vendors"}
    return manager, step


async def outdated(hass: HomeAssistant, bundle: Bundle) -> None:
    """Have two vendors wait for a restart."""
    for domain in (SOLAR, CAR):
        bundle.install(domain)
        bundle.carry(domain, version="2.0.0")
        add_vendor(hass, domain)
    await set_up(hass, SOLAR, CAR)
    assert found(hass) == {RESTART: "Made Solar, Made-up Car"}


async def test_restart(hass: HomeAssistant, bundle: Bundle) -> None:
    """One issue for all that waits; a click restarts Home Assistant."""
    calls = async_mock_service(hass, HOMEASSISTANT_DOMAIN, "restart")
    await outdated(hass, bundle)
    manager, form = await opened(hass, RESTART)
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "confirm")
    assert not calls
    done = await manager.async_configure(form["flow_id"], {})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert len(calls) == 1
    assert found(hass) == {}


async def test_restart_is_refused(hass: HomeAssistant, bundle: Bundle) -> None:
    """The reason is told, and the issue stays."""
    refusal = HomeAssistantError("the configuration is invalid")
    async_mock_service(hass, HOMEASSISTANT_DOMAIN, "restart", raise_exception=refusal)
    await outdated(hass, bundle)
    manager, form = await opened(hass, RESTART)
    done = await manager.async_configure(form["flow_id"], {})
    assert done["type"] is FlowResultType.ABORT
    text = ENGLISH[RESTART]["fix_flow"]["abort"][done["reason"]]
    assert placeholders(text) == {"error"}
    assert done["description_placeholders"] == {"error": str(refusal)}
    assert RESTART in found(hass)


async def modified(hass: HomeAssistant, bundle: Bundle) -> Any:
    """Have a vendor that somebody changed."""
    bundle.install(SOLAR)
    bundle.modify(SOLAR)
    entry = await set_up(hass, SOLAR, CAR)
    assert found(hass) == {f"modified.{SOLAR}": "Made Solar"}
    return entry


@pytest.mark.parametrize("choice", ["put_back", "leave"])
async def test_modified(hass: HomeAssistant, bundle: Bundle, choice: str) -> None:
    """The choice is kept; what is to be put back waits for a restart."""
    entry = await modified(hass, bundle)
    manager, menu = await opened(hass, f"modified.{SOLAR}")
    texts = ENGLISH["modified"]["fix_flow"]["step"]["init"]
    assert menu["type"] is FlowResultType.MENU
    assert set(menu["menu_options"]) == set(texts["menu_options"])
    assert set(menu["menu_options"]) == set(texts["menu_option_descriptions"])
    done = await manager.async_configure(menu["flow_id"], {"next_step_id": choice})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert entry.data == {CONF_CHOICES: {SOLAR: choice}}
    after = {RESTART: "Made Solar"} if choice == "put_back" else {}
    assert found(hass) == after
    await hass.config_entries.async_reload(entry.entry_id)
    assert found(hass) == after
    assert "# mine" in (bundle.components / SOLAR / "__init__.py").read_text()


async def test_second_choice(hass: HomeAssistant, bundle: Bundle) -> None:
    """Each vendor has a choice of its own."""
    bundle.install(CAR)
    bundle.modify(CAR)
    bundle.install(SOLAR)
    bundle.modify(SOLAR)
    entry = await set_up(hass, SOLAR, CAR)
    assert found(hass).keys() == {f"modified.{SOLAR}", f"modified.{CAR}"}
    for domain, choice in {SOLAR: "leave", CAR: "put_back"}.items():
        manager, menu = await opened(hass, f"modified.{domain}")
        await manager.async_configure(menu["flow_id"], {"next_step_id": choice})
    assert entry.data == {CONF_CHOICES: {SOLAR: "leave", CAR: "put_back"}}
    assert found(hass) == {RESTART: "Made-up Car"}


async def test_hub_is_gone_meanwhile(hass: HomeAssistant, bundle: Bundle) -> None:
    """A dialog that is still open ends without a defect."""
    entry = await modified(hass, bundle)
    add_vendor(hass, SOLAR)
    manager, menu = await opened(hass, f"modified.{SOLAR}")
    await hass.config_entries.async_remove(entry.entry_id)
    done = await manager.async_configure(menu["flow_id"], {"next_step_id": "leave"})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_changed_back(hass: HomeAssistant, bundle: Bundle) -> None:
    """Who changes again later is asked again."""
    entry = await modified(hass, bundle)
    manager, menu = await opened(hass, f"modified.{SOLAR}")
    await manager.async_configure(menu["flow_id"], {"next_step_id": "leave"})
    assert bundle.installer.place(SOLAR, put_back=True)
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.data == {CONF_CHOICES: {}}
    bundle.modify(SOLAR)
    await hass.config_entries.async_reload(entry.entry_id)
    assert found(hass) == {f"modified.{SOLAR}": "Made Solar"}


async def test_damaged(hass: HomeAssistant, bundle: Bundle) -> None:
    """There is nothing to click, but to download again; only what is ticked counts."""
    bundle.install(SOLAR)
    for domain in (SOLAR, CAR):
        bundle.damage(domain)
    entry = await set_up(hass, SOLAR)
    assert found(hass) == {"damaged": "Made Solar"}
    bundle.carry(SOLAR)
    await hass.config_entries.async_reload(entry.entry_id)
    assert found(hass) == {}


async def test_newer_format(hass: HomeAssistant, bundle: Bundle) -> None:
    """Old code cannot read it; the text says what helps, whichever of both it is."""
    await set_up(hass, SOLAR)
    bundle.seal(SOLAR, format=2)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    await hass.config_entries.async_reload(entry.entry_id)
    assert found(hass) == {"damaged": "Made Solar"}
    text = ENGLISH["damaged"]["description"].lower()
    assert -1 < text.find("restart") < text.find("hacs")
    assert "damaged" not in ENGLISH["damaged"]["title"]


async def test_cannot_write(hass: HomeAssistant, bundle: Bundle) -> None:
    """It says what happened, as long as it is so."""
    with full_disk():
        entry = await set_up(hass, SOLAR)
        reason = {"cannot_write": "[Errno 28] No space left on device"}
        assert found(hass) == reason
        await hass.config_entries.async_reload(entry.entry_id)
        assert found(hass) == reason
    await hass.config_entries.async_reload(entry.entry_id)
    assert found(hass) == {}


@pytest.mark.parametrize("key", ["damaged", f"modified.{SOLAR}", RESTART])
async def test_dismissed(hass: HomeAssistant, bundle: Bundle, key: str) -> None:
    """It stays so over restarts, as long as it is the same."""
    bundle.install(SOLAR)
    add_vendor(hass, SOLAR)
    if key == RESTART:
        bundle.carry(SOLAR, version="2.0.0")
    elif key == "damaged":
        bundle.damage(SOLAR)
    else:
        bundle.modify(SOLAR)
    registry = ir.async_get(hass)
    # What the registry reads from its file
    registry.issues[DOMAIN, key] = ir.IssueEntry(
        **dict.fromkeys(ir.IssueEntry.__annotations__)
        | {
            "active": False,
            "created": dt_util.utcnow(),
            "dismissed_version": "2026.10.4",
            "domain": DOMAIN,
            "issue_id": key,
            "is_persistent": False,
        }
    )
    await set_up(hass, SOLAR)
    issue = registry.async_get_issue(DOMAIN, key)
    assert issue is not None
    assert issue.active
    assert issue.dismissed_version == "2026.10.4"


async def test_other_issues_stay(hass: HomeAssistant, bundle: Bundle) -> None:
    """Only those of the hub are taken back."""
    ir.async_create_issue(
        hass,
        CAR,
        "damaged",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="damaged",
    )
    await set_up(hass, SOLAR)
    assert (CAR, "damaged") in ir.async_get(hass).issues


def test_every_issue_is_raised() -> None:
    """No text is left over."""
    assert set(ENGLISH) == {RESTART, "modified", "damaged", "cannot_write"}
