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
from .installer import NotPlacedError, State, Vendor
from .issues import async_review

OURS = {State.CURRENT, State.OUTDATED, State.MODIFIED}
NOT_OFFERED = {"otherwise": State.FOREIGN, "damaged": State.UNKNOWN}
ADD = "/config/integrations/dashboard/add?domain="

_LOGGER = logging.getLogger(__name__)


def _offered(vendors: Collection[Vendor]) -> list[Vendor]:
    return [one for one in vendors if one.state not in NOT_OFFERED.values()]


def _is_ours(vendor: Vendor) -> bool:
    is_kept = vendor.state is State.UNKNOWN and vendor.installed
    return vendor.state in OURS or bool(is_kept)


def _schema(vendors: Collection[Vendor], ticked: Collection[str]) -> probatio.Schema:
    """Return the form: what may be ticked, and what may not."""
    offered = _offered(vendors)
    options = [SelectOptionDict(value=one.domain, label=one.name) for one in offered]
    default = [one.domain for one in offered if one.domain in ticked]
    select = SelectSelectorConfig(
        options=options, multiple=True, mode=SelectSelectorMode.LIST
    )
    fields: dict[probatio.Marker, Any] = {
        probatio.Required(CONF_VENDORS, default=default): SelectSelector(select)
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
        self,
        step_id: str,
        user_input: dict[str, Any] | None,
        stored: Collection[str] = (),
    ) -> ConfigFlowResult | None:
        """Show the form; None when what is ticked is in place, and the rest gone."""
        hub = async_hub(self.hass)
        self._vendors = vendors = await hub.look()
        if not vendors:
            return self.async_abort(reason="no_payload")
        ticked = old = {one.domain for one in vendors if _is_ours(one)}.union(stored)
        errors, placeholders = {}, {}
        if user_input is not None:
            ticked = {*user_input[CONF_VENDORS]}
            unseen = old - {one.domain for one in _offered(vendors)}
            unticked = sorted(old - unseen - ticked)
            try:
                if not (used := hub.in_use(unticked)):
                    await hub.bring(ticked)
                    self._keep(ticked | unseen)
                    if not (used := await hub.remove(unticked)):
                        return None
                    self._keep(ticked | unseen | {*used})
                ticked.update(used)
                errors[CONF_VENDORS] = "in_use"
                placeholders["entries"] = ", ".join(
                    title
                    for one in vendors
                    if one.domain in used
                    for title in [entry.title for entry in hub.entries(one.domain)]
                    or [one.name]
                )
            except OSError as err:
                if isinstance(err, NotPlacedError):
                    self._keep(old | {*err.placed})
                errors["base"] = "cannot_write"
                placeholders["error"] = str(err)
        return self.async_show_form(
            step_id=step_id,
            data_schema=_schema(vendors, ticked),
            errors=errors,
            description_placeholders=placeholders,
        )

    def _keep(self, ticked: Collection[str]) -> None:
        """Note what is ticked, as far as it is done."""
        self._ticked = sorted(ticked)

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
        stored = self.config_entry.options[CONF_VENDORS]
        form = await self._ask("init", user_input, stored)
        if user_input is not None:
            await async_review(self.hass, self.config_entry)
        return form or await self.async_step_added()

    @override
    def _keep(self, ticked: Collection[str]) -> None:
        """Store it, and have what was changed by hand be asked about again."""
        super()._keep(ticked)
        self.hass.config_entries.async_update_entry(
            self.config_entry, data={}, options={CONF_VENDORS: self._ticked}
        )

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
