"""Actions by device: which systems are meant, and one answer for all of them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

from homeassistant.core import HomeAssistant, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.service import async_get_device_and_config_entry
import probatio

ATTR_DEVICE_ID = "device_id"

_FIRST_DAY = date(2000, 1, 1)

# Shape only: what exists and what may be is checked in the handler, which can say
# so in the user's language. Lengths are bounded because errors and logs quote them.
SHORT_TEXT = probatio.All(cv.string, probatio.Length(min=1, max=64))
DEVICES = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), [SHORT_TEXT], probatio.Length(min=1, max=100)
    )
}


def past_day(value: Any) -> date:
    """Validate a day that a vendor may have records of."""
    day: date = cv.date(value)
    if isinstance(day, datetime) or day < _FIRST_DAY:
        raise probatio.Invalid(f"expected a date from {_FIRST_DAY} on")
    return day


def targets[T](
    hass: HomeAssistant,
    domain: str,
    device_ids: list[str],
    find: Callable[[Any, str], T | None],
) -> dict[str, T]:
    """Return what each device stands for, by the id that was given.

    ``find`` gets the entry's runtime data and an identifier. A device without an
    answer of its own stands for the one that it is connected through.
    """
    found: dict[str, T] = {}
    registry = dr.async_get(hass)
    for device_id in dict.fromkeys(device_ids):
        device, entry = async_get_device_and_config_entry(
            hass, domain, device_id, include_child_devices=False
        )
        parent = (
            registry.async_get(device.via_device_id) if device.via_device_id else None
        )
        candidates = (
            find(entry.runtime_data, identifier)
            for candidate in (device, parent)
            if candidate is not None
            for kind, identifier in candidate.identifiers
            if kind == domain
        )
        target = next((item for item in candidates if item is not None), None)
        if target is None:
            raise ServiceValidationError(
                translation_domain=domain,
                translation_key="wrong_device",
                translation_placeholders={"device": device.name or device_id},
            )
        found[device_id] = target
    return found


async def for_each[T](
    hass: HomeAssistant,
    domain: str,
    found: dict[str, T],
    work: Callable[[T], Awaitable[dict[str, Any]]],
) -> ServiceResponse:
    """Do the work for all devices, then answer, or tell who failed and who did not.

    Devices that stand for the same one have it done once.
    """
    distinct = {_identity(target): target for target in found.values()}
    results = dict(
        zip(
            distinct,
            await asyncio.gather(
                *(work(target) for target in distinct.values()), return_exceptions=True
            ),
            strict=True,
        )
    )
    response: dict[str, Any] = {}
    failed: dict[str, HomeAssistantError] = {}
    for device_id, target in found.items():
        result = results[_identity(target)]
        if isinstance(result, HomeAssistantError):
            failed[device_id] = result
        elif isinstance(result, BaseException):
            raise result
        else:
            response[device_id] = result
    if not failed:
        return response
    first = next(iter(failed.values()))
    if len(found) == 1:
        raise first
    registry = dr.async_get(hass)

    def name(device_id: str) -> str:
        device = registry.async_get(device_id)
        return (device.name_by_user or device.name) if device else device_id  # type: ignore[return-value]

    raise HomeAssistantError(
        translation_domain=domain,
        translation_key="some_failed",
        translation_placeholders={
            "failed": "; ".join(f"{name(key)}: {err}" for key, err in failed.items()),
            "done": ", ".join(name(key) for key in response) or "-",
        },
    ) from first


def _identity(target: object) -> object:
    """Return what is the same for the same target, also for a pair that is made anew."""
    if isinstance(target, tuple):
        return tuple(id(part) for part in target)
    return id(target)
