"""Actions that read metered usage, or import it into the statistics."""

from datetime import date
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import verify_domain_control
from homeassistant.util import dt as dt_util
import probatio

from . import driver
from ._vendor.core.ha.actions import SHORT_TEXT, past_day
from .api.client import windows
from .const import DOMAIN
from .driver import Channel, UsageRecord
from .price_actions import ATTR_CONFIG_ENTRY, MOST_DAYS, asked, site_of
from .reserve import check_reserve
from .site import AmberSite
from .usage.plan import DAY, RETENTION_DAYS

GET_USAGE = "get_usage"
IMPORT_USAGE = "import_usage"
IMPORT_HISTORY = "import_history"

_ENTRY = {probatio.Required(ATTR_CONFIG_ENTRY): SHORT_TEXT}
RANGE_SCHEMA = probatio.Schema(
    {
        **_ENTRY,
        probatio.Required("start"): past_day,
        probatio.Required("end"): past_day,
    }
)
IMPORT_HISTORY_SCHEMA = probatio.Schema(
    {**_ENTRY, probatio.Optional("start"): past_day}
)


@callback
def async_register_usage(hass: HomeAssistant) -> None:
    """Register the actions of usage."""
    control = verify_domain_control(DOMAIN)
    hass.services.async_register(
        DOMAIN, GET_USAGE, control(_get_usage), RANGE_SCHEMA, SupportsResponse.ONLY
    )
    hass.services.async_register(
        DOMAIN,
        IMPORT_USAGE,
        control(_import_usage),
        RANGE_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        IMPORT_HISTORY,
        control(_import_history),
        IMPORT_HISTORY_SCHEMA,
        SupportsResponse.OPTIONAL,
    )


async def _get_usage(call: ServiceCall) -> ServiceResponse:
    """Answer the metered intervals of a range of days."""
    site = site_of(call)
    first, last = _range(call, site, MOST_DAYS)
    check_reserve(site.limits, dt_util.utcnow(), len(windows(first, last)))

    async def read() -> list[dict[str, Any]]:
        raw = await site.client.get_usage(first, last)
        return await call.hass.async_add_executor_job(_as_dicts, raw)

    records = await asked(read)
    return {"usage": list(records)}


async def _import_usage(call: ServiceCall) -> ServiceResponse:
    """Read days again and write them into the statistics."""
    _need_recorder(call.hass)
    site = site_of(call)
    first, last = _range(call, site, RETENTION_DAYS)
    counts = await site.usage.async_import(first, last)
    return {
        "days": counts.days,
        "rows": counts.rows,
        "missing": [day.isoformat() for day in counts.missing],
    }


async def _import_history(call: ServiceCall) -> ServiceResponse:
    """Start an import of the past, by default of all that Amber keeps."""
    _need_recorder(call.hass)
    site = site_of(call)
    last = site.usage.today - DAY
    first: date = call.data.get("start", site.usage.today - RETENTION_DAYS * DAY)
    _check(first, last, site, RETENTION_DAYS)
    return site.usage.history.start(first, last)


def _need_recorder(hass: HomeAssistant) -> None:
    if "recorder" not in hass.config.components:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_recorder"
        )


def _range(call: ServiceCall, site: AmberSite, most: int) -> tuple[date, date]:
    """Return the NEM days of a call. Raises ``ServiceValidationError``."""
    first, last = call.data["start"], call.data["end"]
    _check(first, last, site, most)
    return first, last


def _check(first: date, last: date, site: AmberSite, most: int) -> None:
    for day in (first, last):
        if day >= site.usage.today:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="future_usage",
                translation_placeholders={"date": day.isoformat()},
            )
    if not 0 <= (last - first).days < most:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="usage_range",
            translation_placeholders={"days": str(most)},
        )


def _as_dicts(raw: Any) -> list[dict[str, Any]]:
    """Decode an answer: thousands of records, too many for the event loop."""
    return [_as_dict(record) for record in driver.usage(raw)]


def _as_dict(record: UsageRecord) -> dict[str, Any]:
    """Return a record as people read it: money is what is charged, or what is earned."""
    earns = record.channel is Channel.FEED_IN
    money = -record.cost if earns else record.cost
    return {
        "date": record.nem_date.isoformat(),
        "start_time": dt_util.as_local(record.start).isoformat(),
        "end_time": dt_util.as_local(record.end).isoformat(),
        "duration": record.duration,
        "channel_type": record.channel.wire,
        "channel_identifier": record.identifier,
        "kwh": record.kwh,
        "compensation" if earns else "cost": round(money, 6) + 0.0,
        "per_kwh": record.price,
        "spot_per_kwh": record.spot,
        "renewables": record.renewables,
        "quality": _text(record.quality),
        "descriptor": _text(record.descriptor),
        "spike_status": _text(record.spike_status),
    }


def _text(value: str | None) -> str | None:
    return None if value is None else str(value)
