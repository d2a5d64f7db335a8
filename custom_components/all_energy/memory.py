"""What Home Assistant remembers of the folders of custom integrations."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
import importlib
import sys

from homeassistant import loader
from homeassistant.core import HomeAssistant


def is_loaded(domain: str) -> bool:
    """Whether code of an integration was imported since Home Assistant started."""
    return f"custom_components.{domain}" in sys.modules


async def async_forget(hass: HomeAssistant, domains: Collection[str]) -> None:
    """Have folders looked at anew, but those whose code is loaded and goes on."""
    await hass.async_add_executor_job(importlib.invalidate_caches)
    # One that is being made would be put into the place of ours when it is ready
    await loader.async_get_custom_components(hass)
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
    for domain in domains:
        if not is_loaded(domain):
            _forget(hass, domain)
            with suppress(AttributeError, KeyError):  # less to be relied on, or needed
                _forget_texts(hass, domain)
    hass.data.pop("icon_cache", None)
    await loader.async_get_custom_components(hass)


def _forget(hass: HomeAssistant, domain: str) -> None:
    known = hass.data[loader.DATA_INTEGRATIONS]
    if isinstance(known.get(domain), loader.Integration):
        del known[domain]  # a search that goes on ends by itself
    missing = hass.data[loader.DATA_MISSING_PLATFORMS]
    for name in [name for name in missing if name.startswith(f"{domain}.")]:
        del missing[name]


def _forget_texts(hass: HomeAssistant, domain: str) -> None:
    """Have texts read anew, also where there were none as there was no folder."""
    texts = hass.data["translation_flatten_cache"].cache_data
    for loaded in texts.loaded.values():
        loaded.discard(domain)
    for categories in texts.cache.values():
        for by_domain in categories.values():
            by_domain.pop(domain, None)


async def async_forget_failure(hass: HomeAssistant, domain: str) -> None:
    """Have a set-up tried again that failed, or is about to, without a folder."""
    attempts: dict[str, asyncio.Future[bool]] = hass.data.get("setup_tasks", {})
    if attempt := attempts.get(domain):
        await asyncio.wait([attempt])
        attempts.pop(domain, None)
