"""Orders to a control manager, with errors that Home Assistant can translate."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.translation import async_get_translations

from ..client.errors import ApiError
from ..control.intent import Edit, Intent, SelfUse, Values
from ..control.outcome import Refusal, Result
from .actions import ATTR_DEVICE_ID, for_each, targets
from .errors import action_error

if TYPE_CHECKING:
    from ..control.manager import ControlManager

# Where the translations name what a device can be asked for (selector options)
INTENT_NAMES = "intent"


async def async_execute(
    hass: HomeAssistant, domain: str, manager: ControlManager, intent: Intent
) -> Result:
    """Bring an intent to its end.

    Raises ``ServiceValidationError`` if nothing was sent, another
    ``HomeAssistantError`` if it did not reach a good end.
    """
    if not manager.allowed and not isinstance(intent, SelfUse):
        raise await refusal_error(hass, domain, Refusal("control_off"))
    return await told(hass, domain, manager.execute(intent))


async def async_set_values(
    hass: HomeAssistant, domain: str, manager: ControlManager, change: Edit | Values
) -> Result:
    """Change single settings. Raises what ``async_execute`` raises."""
    if not manager.allowed:
        raise await refusal_error(hass, domain, Refusal("control_off"))
    return await told(hass, domain, manager.set_values(change))


async def each_target[T](
    call: ServiceCall,
    domain: str,
    find: Callable[[Any, str], T | None],
    work: Callable[[T], Awaitable[dict[str, Any]]],
    check: Callable[[T], None] = lambda _: None,
) -> ServiceResponse:
    """Check all that an action means, then do the work, and answer for all of it.

    ``find`` is that of ``targets``; ``check`` and ``work`` may raise ``Refusal``, and
    ``work`` also ``ApiError``. Raises ``HomeAssistantError``.
    """
    found = targets(call.hass, domain, call.data[ATTR_DEVICE_ID], find)
    try:
        for item in found.values():
            check(item)
    except Refusal as err:
        raise await refusal_error(call.hass, domain, err) from err
    return await for_each(
        call.hass, domain, found, lambda item: told(call.hass, domain, work(item))
    )


async def told[T](hass: HomeAssistant, domain: str, work: Awaitable[T]) -> T:
    """Wait for something, with errors that Home Assistant can translate."""
    try:
        return await work
    except Refusal as err:
        raise await refusal_error(hass, domain, err) from err
    except ApiError as err:
        raise action_error(domain, err) from err


async def refusal_error(
    hass: HomeAssistant, domain: str, err: Refusal
) -> ServiceValidationError:
    """Return what an action raises when it was refused before anything was sent."""
    placeholders = dict(err.placeholders)
    if "can" in placeholders:
        placeholders["can"] = await _names(hass, domain, placeholders["can"])
    return ServiceValidationError(
        translation_domain=domain,
        translation_key=err.key,
        translation_placeholders=placeholders,
    )


async def _names(hass: HomeAssistant, domain: str, slugs: str) -> str:
    """Return the names of intents, in the language of Home Assistant."""
    texts = await async_get_translations(
        hass, hass.config.language, "selector", {domain}
    )
    path = f"component.{domain}.selector.{INTENT_NAMES}.options"
    return ", ".join(
        texts.get(f"{path}.{slug}", slug.replace("_", " "))
        for slug in slugs.split(", ")
    )
