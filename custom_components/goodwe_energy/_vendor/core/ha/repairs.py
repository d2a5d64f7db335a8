"""Repair issues: only for what a person can do something about."""

import hashlib
from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect


def anonymous(serial: str) -> str:
    """Return what stands for a serial in ids and data of issues.

    Home Assistant adds them to each download of diagnostics, which people post.
    """
    return hashlib.sha256(serial.encode()).hexdigest()[:10]


@callback
def set_issue(
    hass: HomeAssistant,
    domain: str,
    key: str,
    active: bool,
    *,
    suffix: str = "",
    severity: ir.IssueSeverity = ir.IssueSeverity.WARNING,
    placeholders: dict[str, str] | None = None,
    fix: dict[str, str | int | float | None] | None = None,
) -> None:
    """Raise the issue ``key`` while ``active``, and take it back otherwise.

    ``suffix`` tells several issues of one kind apart, for example per entry. ``fix``
    is what the flow gets that mends it; None if only a person can.
    """
    issue_id = f"{key}_{suffix}" if suffix else key
    if not active:
        ir.async_delete_issue(hass, domain, issue_id)
        return
    ir.async_create_issue(
        hass,
        domain,
        issue_id,
        is_fixable=fix is not None,
        severity=severity,
        translation_key=key,
        translation_placeholders=placeholders,
        data=fix,
    )


@callback
def clear_issues(hass: HomeAssistant, domain: str, suffix: str) -> None:
    """Take back all issues of something that is gone, such as a removed entry."""
    for found_domain, issue_id in list(ir.async_get(hass).issues):
        if found_domain == domain and f"_{suffix}" in issue_id:
            ir.async_delete_issue(hass, domain, issue_id)


@callback
def watch_other_integrations(
    hass: HomeAssistant, entry: ConfigEntry[Any], domain: str, others: dict[str, str]
) -> None:
    """Tell when another integration polls the same vendor, now or later.

    Two pollers share one quota, and two controllers fight. ``others`` maps domains
    to the names that people know.
    """

    @callback
    def changed(_change: ConfigEntryChange, other: ConfigEntry[Any]) -> None:
        if other.domain in others:
            _check_other_integrations(hass, domain, others)

    entry.async_on_unload(
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, changed)
    )
    _check_other_integrations(hass, domain, others)


@callback
def _check_other_integrations(
    hass: HomeAssistant, domain: str, others: dict[str, str]
) -> None:
    for other, name in others.items():
        loaded = any(
            entry.state is ConfigEntryState.LOADED
            for entry in hass.config_entries.async_entries(
                other, include_ignore=False, include_disabled=False
            )
        )
        set_issue(
            hass,
            domain,
            "other_integration",
            loaded,
            suffix=other,
            placeholders={"name": name},
        )
