"""Issues: what a person has to know, or to decide, about the vendors' folders."""

from collections.abc import Collection, Iterator, Mapping

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_CHOICES, CONF_VENDORS, DOMAIN
from .hub import async_hub
from .installer import State, Vendor

RESTART = "restart_required"
MODIFIED = "modified"
DAMAGED = "damaged"
CANNOT_WRITE = "cannot_write"
PUT_BACK = "put_back"
LEAVE = "leave"


async def async_review(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget choices that are done with, and show the issues that there are."""
    hub, ticked = async_hub(hass), entry.options[CONF_VENDORS]
    vendors = [one for one in await hub.look() if one.domain in ticked]
    modified = {one.domain for one in vendors if one.state is State.MODIFIED}
    chosen = entry.data.get(CONF_CHOICES, {})
    choices = {domain: chosen[domain] for domain in chosen if domain in modified}
    if choices != chosen:
        hass.config_entries.async_update_entry(entry, data={CONF_CHOICES: choices})
    names: dict[str, list[str]] = {}
    for vendor in vendors:
        for issue_id in _issues(vendor, hub.stale, choices):
            names.setdefault(issue_id, []).append(vendor.name)
    wanted = {one: {"vendors": ", ".join(names[one])} for one in names}
    if hub.failure:
        wanted[CANNOT_WRITE] = {"error": hub.failure}
    async_clear_issues(hass, wanted)
    for issue_id, placeholders in wanted.items():
        key = issue_id.partition(".")[0]
        ir.async_create_issue(
            hass,
            DOMAIN,
            issue_id,
            is_fixable=key in {RESTART, MODIFIED},
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders=placeholders,
        )


def _issues(
    vendor: Vendor, stale: Collection[str], choices: Mapping[str, str]
) -> Iterator[str]:
    """Yield the issue that a vendor has part in."""
    choice = choices.get(vendor.domain)
    if vendor.state is State.UNKNOWN:
        yield DAMAGED
    elif vendor.state is State.MODIFIED and choice is None:
        yield f"{MODIFIED}.{vendor.domain}"
    elif vendor.domain in stale or vendor.state is State.OUTDATED or choice == PUT_BACK:
        yield RESTART


@callback
def async_clear_issues(hass: HomeAssistant, wanted: Collection[str] = ()) -> None:
    """Take back what is not wanted."""
    for domain, issue_id in list(ir.async_get(hass).issues):
        if domain == DOMAIN and issue_id not in wanted:
            ir.async_delete_issue(hass, DOMAIN, issue_id)
