"""The dialog: what is shown, what becomes of it, and how it goes on."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_USER,
    ConfigEntryState,
    ConfigFlowResult,
    FlowType,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.loader import async_get_integration
import pytest

from custom_components.all_energy.const import CONF_VENDORS, DOMAIN, NAME

from ..translation_rules import Texts, form_faults
from .conftest import add_vendor, full_disk
from .made_up import (
    ABORT,
    CAR,
    CREATE,
    DEFECT,
    EXTERNAL,
    FORM,
    MENU,
    SOLAR,
    TARIFF,
    Bundle,
)

TEXTS = Texts(DOMAIN)


async def start(hass: HomeAssistant) -> ConfigFlowResult:
    """Open the dialog."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    if result["type"] is FlowResultType.FORM:
        assert form_faults(TEXTS, "config", result) == []
    return result


async def tick(
    hass: HomeAssistant, form: ConfigFlowResult, *domains: str
) -> ConfigFlowResult:
    """Submit the form."""
    result = await hass.config_entries.flow.async_configure(
        form["flow_id"], {CONF_VENDORS: list(domains)}
    )
    await hass.async_block_till_done()
    if result["type"] is FlowResultType.FORM:
        assert form_faults(TEXTS, "config", result) == []
    return result


def offered(result: ConfigFlowResult) -> list[str]:
    """Return what can be ticked."""
    assert result["data_schema"] is not None
    field = result["data_schema"].schema[CONF_VENDORS]
    return [option["value"] for option in field.config["options"]]


def shown(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what is in the fields."""
    assert result["data_schema"] is not None
    return {str(key): key.default() for key in result["data_schema"].schema}


async def test_fresh(hass: HomeAssistant, bundle: Bundle) -> None:
    """What is ticked is placed, and the first vendor's dialog comes next."""
    form = await start(hass)
    assert offered(form) == [SOLAR, TARIFF, CAR]
    assert shown(form) == {CONF_VENDORS: []}
    result = await tick(hass, form, TARIFF, SOLAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == NAME
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    assert entry.options == {CONF_VENDORS: [SOLAR, TARIFF]}
    assert bundle.version(SOLAR) == bundle.version(TARIFF) == "1.0.0"
    assert bundle.version(CAR) is None
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_FLOW
    flow = hass.config_entries.flow.async_get(flow_id)
    assert (flow["handler"], flow["step_id"]) == (SOLAR, "user")
    assert await async_get_integration(hass, TARIFF)
    assert not ir.async_get(hass).issues


async def test_vendor_is_used_at_once(hass: HomeAssistant, bundle: Bundle) -> None:
    """The dialog that comes next ends in an entry that works, without a restart."""
    result = await tick(hass, await start(hass), SOLAR)
    _, flow_id = result["next_flow"]
    done = await hass.config_entries.flow.async_configure(flow_id, {})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert done["result"].state is ConfigEntryState.LOADED
    assert hass.data[SOLAR] == "1.0.0"


async def test_what_is_ours_is_ticked(hass: HomeAssistant, bundle: Bundle) -> None:
    """Who adds the hub again finds what it had installed, changed by hand or not."""
    for domain in (SOLAR, TARIFF, CAR):
        bundle.install(domain)
    bundle.modify(CAR)
    bundle.carry(SOLAR, version="2.0.0")
    form = await start(hass)
    assert shown(form) == {CONF_VENDORS: [SOLAR, TARIFF, CAR]}
    result = await tick(hass, form, SOLAR, TARIFF, CAR)
    assert result["result"].options == {CONF_VENDORS: [SOLAR, TARIFF, CAR]}


async def test_installed_otherwise(hass: HomeAssistant, bundle: Bundle) -> None:
    """It is shown, cannot be ticked, and stays."""
    bundle.put_otherwise(SOLAR)
    form = await start(hass)
    assert offered(form) == [TARIFF, CAR]
    assert shown(form) == {CONF_VENDORS: [], "otherwise": "Made Solar"}
    result = await tick(hass, form, CAR)
    assert result["result"].options == {CONF_VENDORS: [CAR]}
    assert bundle.version(SOLAR) == "1.0.0"


async def test_nothing_is_there_to_be_ticked(
    hass: HomeAssistant, bundle: Bundle
) -> None:
    """All of it may be installed otherwise."""
    for domain in (SOLAR, TARIFF, CAR):
        bundle.put_otherwise(domain)
    form = await start(hass)
    assert offered(form) == []
    result = await tick(hass, form)
    assert result["result"].options == {CONF_VENDORS: []}


async def test_damaged(hass: HomeAssistant, bundle: Bundle) -> None:
    """It is shown; what was installed of it before stays, and stays ticked."""
    bundle.install(SOLAR)
    bundle.damage(SOLAR)
    bundle.damage(TARIFF)
    form = await start(hass)
    assert offered(form) == [CAR]
    assert shown(form)["damaged"] == "Made Solar, Made Tariff"
    result = await tick(hass, form, CAR)
    assert result["result"].options == {CONF_VENDORS: [SOLAR, CAR]}
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(TARIFF) is None


async def test_nothing_ticked(hass: HomeAssistant, bundle: Bundle) -> None:
    """That is allowed; there is nothing to go on with."""
    result = await tick(hass, await start(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].options == {CONF_VENDORS: []}
    assert "next_flow" not in result


async def test_unticked(hass: HomeAssistant, bundle: Bundle) -> None:
    """What was ours and is not wanted any more is deleted."""
    bundle.install(SOLAR)
    result = await tick(hass, await start(hass), CAR)
    assert result["result"].options == {CONF_VENDORS: [CAR]}
    assert bundle.version(SOLAR) is None
    assert (bundle.version(CAR)) == "1.0.0"


async def test_in_use(hass: HomeAssistant, bundle: Bundle) -> None:
    """The entries are named, and nothing is done, until it is ticked again."""
    bundle.install(SOLAR)
    add_vendor(hass, SOLAR)
    form = await start(hass)
    result = await tick(hass, form, CAR)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {CONF_VENDORS: "in_use"}
    assert result["description_placeholders"] == {"entries": "My Made Solar"}
    assert shown(result) == {CONF_VENDORS: [SOLAR, CAR]}
    assert bundle.version(SOLAR) == "1.0.0"
    assert bundle.version(CAR) is None
    result = await tick(hass, form, SOLAR, CAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    flow = hass.config_entries.flow.async_get(result["next_flow"][1])
    assert flow["handler"] == CAR


async def test_ignored_is_not_in_use(hass: HomeAssistant, bundle: Bundle) -> None:
    """A discovery that somebody ignored keeps nothing."""
    bundle.install(SOLAR)
    add_vendor(hass, SOLAR, source=SOURCE_IGNORE)
    result = await tick(hass, await start(hass))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert bundle.version(SOLAR) is None


async def test_read_only(hass: HomeAssistant, bundle: Bundle) -> None:
    """The dialog says it and is there for another try; nothing is stored."""
    form = await start(hass)
    with full_disk():
        result = await tick(hass, form, SOLAR)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "cannot_write"}
    assert "No space left on device" in result["description_placeholders"]["error"]
    assert shown(result) == {CONF_VENDORS: [SOLAR]}
    assert not hass.config_entries.async_entries(DOMAIN)
    result = await tick(hass, form, SOLAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert bundle.version(SOLAR) == "1.0.0"


async def test_full_after_the_first(hass: HomeAssistant, bundle: Bundle) -> None:
    """Home Assistant knows what was placed before the disk was full."""
    form = await start(hass)
    with full_disk(CAR):
        result = await tick(hass, form, SOLAR, CAR)
    assert result["errors"] == {"base": "cannot_write"}
    result = await tick(hass, form, SOLAR, CAR)
    flow = hass.config_entries.flow.async_get(result["next_flow"][1])
    assert flow["handler"] == SOLAR


async def test_full_after_the_first_removal(
    hass: HomeAssistant, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is gone is not offered any more, though the next could not be deleted."""
    bundle.install(SOLAR)
    bundle.install(CAR)
    assert await async_get_integration(hass, SOLAR)
    remove = bundle.installer.remove

    def failing(_self: object, domain: str) -> bool:
        if domain == CAR:
            raise OSError(5, "Input/output error")
        return remove(domain)

    form = await start(hass)
    with monkeypatch.context() as patch:
        patch.setattr("custom_components.all_energy.hub.Installer.remove", failing)
        result = await tick(hass, form)
    assert result["errors"] == {"base": "cannot_write"}
    with pytest.raises(Exception, match=f"Integration '{SOLAR}' not found"):
        await async_get_integration(hass, SOLAR)


@pytest.mark.parametrize("step", [FORM, MENU, EXTERNAL])
async def test_next_flow(hass: HomeAssistant, bundle: Bundle, step: str) -> None:
    """Whatever a vendor's dialog begins with, it is shown."""
    bundle.carry(SOLAR, step=step)
    result = await tick(hass, await start(hass), SOLAR, CAR)
    flow = hass.config_entries.flow.async_get(result["next_flow"][1])
    assert flow["handler"] == SOLAR
    flows = hass.config_entries.flow.async_progress()
    assert [flow["handler"] for flow in flows] == [SOLAR]


@pytest.mark.parametrize(
    "faulty",
    [
        {"step": ABORT},
        {"step": CREATE},
        {"step": DEFECT},
        {"head": "import made_up.no_such_module"},
        {"head": "a syntax error"},
    ],
)
async def test_vendor_that_cannot_be_next(
    hass: HomeAssistant, bundle: Bundle, faulty: dict[str, str]
) -> None:
    """One that wants credentials, asks nothing or is broken leaves the turn to the next."""
    bundle.carry(SOLAR, **faulty)
    result = await tick(hass, await start(hass), SOLAR, TARIFF)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].options == {CONF_VENDORS: [SOLAR, TARIFF]}
    flow = hass.config_entries.flow.async_get(result["next_flow"][1])
    assert flow["handler"] == TARIFF


async def test_no_vendor_can_be_next(hass: HomeAssistant, bundle: Bundle) -> None:
    """The dialog ends with its text."""
    bundle.carry(SOLAR, step=ABORT)
    result = await tick(hass, await start(hass), SOLAR)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert "next_flow" not in result
    assert set(TEXTS.english["config"]["create_entry"]) == {"default"}


async def test_one_entry_only(hass: HomeAssistant, bundle: Bundle) -> None:
    """There is one folder to look after."""
    await tick(hass, await start(hass), SOLAR)
    result = await start(hass)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "single_instance_allowed"


async def test_no_payload(hass: HomeAssistant, bundle: Bundle) -> None:
    """A checkout carries nothing: the dialog says so, and touches nothing."""
    bundle.install(SOLAR)
    bundle.payload.rename(bundle.hub / "elsewhere")
    result = await start(hass)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_payload"
    assert "no_payload" in TEXTS.english["config"]["abort"]
    assert bundle.version(SOLAR) == "1.0.0"
