"""The dialog: which vendors are wanted. The options are the same form."""

from collections.abc import Collection
import logging
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryBaseFlow,
    ConfigFlow,
    ConfigFlowResult,
    FlowType,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import probatio

from .const import CONF_VENDORS, DOMAIN, NAME
from .hub import async_hub
from .installer import State, Vendor
from .issues import async_review

OURS = {State.CURRENT, State.OUTDATED, State.MODIFIED}
NOT_OFFERED = {"otherwise": State.FOREIGN, "damaged": State.UNKNOWN}
ADD = "/config/integrations/dashboard/add?domain="

_LOGGER = logging.getLogger(__name__)


def _schema(vendors: Collection[Vendor], ticked: Collection[str]) -> probatio.Schema:
    """Return the form: what may be ticked, and what may not."""
    options = [
        SelectOptionDict(value=one.domain, label=one.name)
        for one in vendors
        if one.state not in NOT_OFFERED.values()
    ]
    select = SelectSelectorConfig(
        options=options, multiple=True, mode=SelectSelectorMode.LIST
    )
    fields: dict[probatio.Marker, Any] = {
        probatio.Required(CONF_VENDORS, default=list(ticked)): SelectSelector(select)
    }
    for key, state in NOT_OFFERED.items():
        if names := ", ".join(one.name for one in vendors if one.state is state):
            read_only = TextSelector(TextSelectorConfig(read_only=True))
            fields[probatio.Optional(key, default=names)] = read_only
    return probatio.Schema(fields)


class _VendorsFlow(ConfigEntryBaseFlow):
    """The form, and what becomes of it."""

    _vendors: list[Vendor]
    _ticked: list[str]

    async def _ask(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult | None:
        """Show the form; None when what is ticked is in place, and the rest gone."""
        hub = async_hub(self.hass)
        self._vendors = await hub.look()
        if not self._vendors:
            return self.async_abort(reason="no_payload")
        errors, placeholders = {}, {}
        ticked = ours = [one.domain for one in self._vendors if one.state in OURS]
        if user_input is not None:
            ticked = user_input[CONF_VENDORS]
            unticked = [domain for domain in ours if domain not in ticked]
            entries = [entry for domain in unticked for entry in hub.entries(domain)]
            try:
                if not entries:
                    await hub.bring(ticked)
                    await hub.remove(unticked)
                    self._ticked = [
                        one.domain for one in self._vendors if _stays(one, ticked)
                    ]
                    return None
                errors[CONF_VENDORS] = "in_use"
                placeholders["entries"] = ", ".join(entry.title for entry in entries)
            except OSError as err:
                errors["base"] = "cannot_write"
                placeholders["error"] = str(err)
        return self.async_show_form(
            step_id=step_id,
            data_schema=_schema(self._vendors, ticked),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _to_add(self) -> list[Vendor]:
        """Return what is in place and nobody has set up yet."""
        hub = async_hub(self.hass)
        return [
            one
            for one in self._vendors
            if one.domain in self._ticked
            and one.domain not in hub.stale
            and not hub.entries(one.domain)
        ]


def _stays(vendor: Vendor, ticked: Collection[str]) -> bool:
    """Whether a vendor is ticked, or is in place with nothing to be seen of it."""
    return vendor.domain in ticked or (
        vendor.state is State.UNKNOWN and vendor.installed is not None
    )


class HubConfigFlow(_VendorsFlow, ConfigFlow, domain=DOMAIN):
    """Asks which vendors are wanted, places them and goes on with the first."""

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> HubOptionsFlow:
        """Return the same form for later."""
        return HubOptionsFlow()

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the vendors, and lead to the first that can be set up."""
        if form := await self._ask("user", user_input):
            return form
        next_flow = None
        for vendor in self._to_add():
            if flow_id := await self._start(vendor.domain):
                next_flow = (FlowType.CONFIG_FLOW, flow_id)
                break
        return self.async_create_entry(
            title=NAME,
            data={},
            options={CONF_VENDORS: self._ticked},
            next_flow=next_flow,
        )

    async def _start(self, domain: str) -> str | None:
        """Start a vendor's dialog; return its id if it has something to show."""
        flows = self.hass.config_entries.flow
        try:
            result = await flows.async_init(domain, context={"source": SOURCE_USER})
        except Exception:
            # A vendor's defect is no reason to lose what was ticked
            _LOGGER.exception("The dialog of %s did not start", domain)
            return None
        ended = {FlowResultType.ABORT, FlowResultType.CREATE_ENTRY}
        return None if result["type"] in ended else result["flow_id"]


class HubOptionsFlow(_VendorsFlow, OptionsFlow):
    """The same form, and where to go on."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the vendors; what became of it is kept however the dialog ends."""
        if form := await self._ask("init", user_input):
            return form
        entry, options = self.config_entry, {CONF_VENDORS: self._ticked}
        self.hass.config_entries.async_update_entry(entry, options=options)
        await async_review(self.hass, entry)
        return await self.async_step_added()

    async def async_step_added(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Lead to the vendors that can be added now."""
        links = ", ".join(f"[{one.name}]({ADD}{one.domain})" for one in self._to_add())
        if links and user_input is None:
            return self.async_show_form(
                step_id="added", description_placeholders={"vendors": links}
            )
        return self.async_create_entry(data=dict(self.config_entry.options))
