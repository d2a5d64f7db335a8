"""A flow as a person sees it, with a look at the texts of each form."""

from typing import Any, ClassVar

from homeassistant.config_entries import SOURCE_USER, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers.selector import TextSelector
import probatio
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.ha.kept_secrets import MARK

from .translation_rules import Texts, form_faults


class Dialog:
    """A flow of one integration, which a subclass names."""

    texts: ClassVar[Texts]
    secrets: ClassVar[set[str]]  # fields whose text never comes back from there

    def __init__(self, manager: Any, part: str, result: ConfigFlowResult) -> None:
        """Begin where ``result`` is; ``part`` is config or options."""
        self._manager, self._part = manager, part
        self._show(result, {})

    @classmethod
    async def user(cls, hass: HomeAssistant) -> Dialog:
        """Begin to add an entry."""
        manager = hass.config_entries.flow
        context = {"source": SOURCE_USER}
        result = await manager.async_init(cls.texts.domain, context=context)  # type: ignore[arg-type]
        return cls(manager, "config", result)

    @classmethod
    async def reauth(cls, hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
        """Begin where the entry's credentials were refused."""
        result = await entry.start_reauth_flow(hass)
        return cls(hass.config_entries.flow, "config", result)

    @classmethod
    async def reconfigure(cls, hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
        """Begin to change the entry."""
        result = await entry.start_reconfigure_flow(hass)
        return cls(hass.config_entries.flow, "config", result)

    @classmethod
    async def options(cls, hass: HomeAssistant, entry: MockConfigEntry) -> Dialog:
        """Open the entry's options."""
        manager = hass.config_entries.options
        return cls(manager, "options", await manager.async_init(entry.entry_id))

    def _show(self, result: ConfigFlowResult, typed: dict[str, Any]) -> None:
        self.result = result
        self.type = result["type"]
        if self.type in {FlowResultType.FORM, FlowResultType.MENU}:
            assert form_faults(self.texts, self._part, result) == []
            self._check_secrets(typed)

    def _check_secrets(self, typed: dict[str, Any]) -> None:
        """See that a mark stands for what need not be typed again, and nothing else."""
        assert not self.secrets & set(self.suggested)
        if self.errors:
            asked = {key for key in self._passwords() if typed.get(key)}
            assert asked - set(self.errors) <= set(self.kept)
            assert set(self.kept).isdisjoint(self.errors)

    def _passwords(self) -> set[str]:
        """Return the secrets that this form cannot do without."""
        schema = self.result["data_schema"]
        return {
            str(key)
            for key, field in (schema.schema if schema else {}).items()
            if isinstance(key, probatio.Required)
            and isinstance(field, TextSelector)
            and field.config.get("type") == "password"
        }

    async def submit(self, **user_input: Any) -> None:
        """Fill the form in, or choose from the menu, and look at what comes."""
        flow_id = self.result["flow_id"]
        self._show(await self._manager.async_configure(flow_id, user_input), user_input)

    @property
    def step(self) -> str:
        """The form's name."""
        return self.result["step_id"]

    @property
    def errors(self) -> dict[str, str]:
        """The form's errors by field."""
        return self.result.get("errors") or {}

    @property
    def reason(self) -> str | None:
        """Why it was ended."""
        return self.result.get("reason")

    @property
    def suggested(self) -> dict[str, Any]:
        """What stands in the form's fields, but for marks."""
        return {key: value for key, value in self._given.items() if value != MARK}

    @property
    def kept(self) -> dict[str, str]:
        """The marks of secrets that need not be typed again."""
        return {key: value for key, value in self._given.items() if value == MARK}

    @property
    def _given(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.type is not FlowResultType.FORM:
            return found
        schema = self.result["data_schema"]
        for key, field in schema.schema.items() if schema else ():
            inner = field.schema.schema if isinstance(field, section) else [key]
            for name in inner:
                value = (name.description or {}).get("suggested_value")
                if value is None and callable(name.default):
                    value = name.default()
                if value is not None:
                    found[str(name)] = value
        return found
