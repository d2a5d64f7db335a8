"""The actions that answer prices, forecasts and blocks (reference section 9.5)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
import math

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType

from . import driver
from ._vendor.core.client.errors import ApiError, BadDataError
from .api.client import windows
from .blocks import find_block
from .const import DOMAIN
from .driver import Channel, ChannelPrices, Interval, PricingMode
from .forecasts import as_objects, known, within
from .look import forecasts
from .resample import resample
from .reserve import asked_error, check_reserve
from .site import AmberSite

ATTR_CONFIG_ENTRY = "config_entry_id"
ATTR_CHANNEL = "channel_type"

# What the API answers in one request (reference section 3.2)
MOST_INTERVALS = 2048
# How much the regular calls ask for: all that Amber forecasts
MOST_FORECASTS = 288
MOST_DAYS = 31
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


def site_of(call: ServiceCall) -> AmberSite:
    """Return the site that is meant. Raises ``ServiceValidationError``."""
    entry = async_get_config_entry(call.hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY))
    site: AmberSite = entry.runtime_data
    return site


async def asked[T](request: Callable[[], Awaitable[T]]) -> T:
    """Return Amber's answer. Raises ``HomeAssistantError`` with a text for people."""
    try:
        return await request()
    except ApiError as err:
        raise asked_error(err) from err


async def get_forecasts(call: ServiceCall) -> ServiceResponse:
    """Answer the forecasts; only for what is not held, Amber is asked."""
    site, channel = _site_and_channel(call)
    previous, following = call.data.get("previous"), call.data.get("next")
    per_step = _per_step(site, call.data.get("resolution"))
    _check_count(previous, following, per_step)
    prices, coming = _held(site, channel), forecasts(site, channel)
    # The regular calls bring all that Amber forecasts
    later = following if (following or 0) > MOST_FORECASTS else 0
    if later or (previous or 0) > _steps_held(prices, call.data.get("resolution")):
        told = await _ask(site, channel, previous or 0, later or 0, per_step)
        if later:
            first = dt_util.utcnow()
            coming = tuple(item for item in told.forecasts if item.start >= first)
        prices = told if later else replace(prices, past=told.past)
    past = _last(_steps(call, prices.past), previous or 0)
    running: tuple[Interval, ...] = ()
    if call.data["include_current"]:
        now = dt_util.utcnow()
        running = tuple(item for item in known(prices) if item.start <= now < item.end)
    future = _steps(call, (*running, *coming), partial=bool(running))
    if following is not None:
        future = future[: following + len(running)]
    if (hours := call.data.get("hours")) is not None:
        future = within(future, dt_util.utcnow(), hours)
    return {"forecasts": [*_objects(site, call, (*past, *future))]}


async def get_prices(call: ServiceCall) -> ServiceResponse:
    """Answer the prices of NEM days, those of all channels if none is named."""
    site = site_of(call)
    wanted = [_channel(site, call)] if ATTR_CHANNEL in call.data else site.channels
    start, end = call.data["start"], call.data["end"]
    check_days(start, end)
    now = dt_util.utcnow()
    check_reserve(site.limits, now, len(windows(start, end)))
    resolution = call.data.get("resolution")
    raw = await asked(lambda: site.client.get_prices(start, end, resolution=resolution))
    try:
        decoded = driver.prices(raw, now)
    except ApiError as err:
        raise asked_error(err) from err
    found: list[JsonValueType] = []
    for channel in wanted:
        prices = decoded.channels.get(channel, ChannelPrices())
        intervals = _steps(call, (*prices.past, *known(prices)))
        found += [
            {"channel_type": channel.wire, **described}
            for described in _objects(site, call, intervals)
        ]
    return {"prices": found}


async def find_price_block(call: ServiceCall) -> ServiceResponse:
    """Answer when power is cheapest, or dearest, for so long in one go."""
    site, channel = _site_and_channel(call)
    latest: datetime | None = call.data.get("latest_end")
    if latest is not None and latest.tzinfo is None:
        latest = latest.replace(tzinfo=dt_util.get_default_time_zone())
    block = find_block(
        known(_held(site, channel)),
        dt_util.utcnow(),
        call.data["hours"],
        dearest=call.data["mode"] == "dearest",
        latest_end=latest,
        mode=call.data["price"],
        surcharge=site.settings.surcharge,
    )
    if block is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_block"
        )
    return {
        "start": dt_util.as_local(block.start).isoformat(),
        "end": dt_util.as_local(block.end).isoformat(),
        "average": block.average,
    }


async def get_renewables(call: ServiceCall) -> ServiceResponse:
    """Answer a state's renewables, which need no token and so no certain site."""
    site = _any_site(call)
    previous, following = call.data.get("previous"), call.data.get("next")
    _check_count(previous, following)
    raw = await asked(
        lambda: site.client.get_current_renewables(
            call.data["state"],
            previous=previous,
            next=following,
            resolution=call.data.get("resolution"),
        )
    )
    try:
        found = driver.renewables(raw, dt_util.utcnow())
    except ApiError as err:
        raise asked_error(err) from err
    running = () if found.current is None else (found.current,)
    kinds = (
        ("actual", found.past),
        ("current", running),
        ("forecast", found.forecasts),
    )
    return {
        "renewables": [
            {
                "type": kind,
                "start_time": dt_util.as_local(item.start).isoformat(),
                "end_time": dt_util.as_local(item.end).isoformat(),
                "duration": item.duration,
                "renewables": item.share,
                "descriptor": None if item.descriptor is None else str(item.descriptor),
            }
            for kind, items in kinds
            for item in items
        ]
    }


def check_days(start: date, end: date, most: int = MOST_DAYS) -> None:
    """Refuse days that make no sense. Raises ``ServiceValidationError``."""
    if end < start:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="dates_reversed"
        )
    if start < EARLIEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_early",
            translation_placeholders={"date": EARLIEST.isoformat()},
        )
    if end > LATEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_late",
            translation_placeholders={"date": LATEST.isoformat()},
        )
    if end - start >= timedelta(days=most):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="range_too_large",
            translation_placeholders={"days": str(most)},
        )


def _site_and_channel(call: ServiceCall) -> tuple[AmberSite, Channel]:
    site = site_of(call)
    channel = _channel(site, call)
    if not site.prices.fresh:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_prices"
        )
    return site, channel


def _channel(site: AmberSite, call: ServiceCall) -> Channel:
    channel = Channel(call.data[ATTR_CHANNEL])
    if channel not in site.channels:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="channel_not_found",
            translation_placeholders={"channel_type": channel.value},
        )
    return channel


def _any_site(call: ServiceCall) -> AmberSite:
    if call.data.get(ATTR_CONFIG_ENTRY) is not None:
        return site_of(call)
    entries = call.hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_loaded"
        )
    site: AmberSite = entries[0].runtime_data
    return site


def _check_count(
    previous: int | None, following: int | None, per_step: int = 1
) -> None:
    """Refuse what Amber never answers; ``per_step`` of its intervals are one step."""
    if ((previous or 0) + (following or 0) + 1) * per_step > MOST_INTERVALS:
        raise _too_many(MOST_INTERVALS // per_step)


def _too_many(most: int) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="too_many_intervals",
        translation_placeholders={"most": str(most)},
    )


def _held(site: AmberSite, channel: Channel) -> ChannelPrices:
    return site.prices.data.channels.get(channel, ChannelPrices())


def _per_step(site: AmberSite, resolution: int | None) -> int:
    """Return how many of the site's intervals make a step of ``resolution``."""
    length = site.interval_length
    return max(1, math.ceil((resolution or length) / length))


def _steps_held(prices: ChannelPrices, resolution: int | None) -> int:
    """Return how many steps before the running interval are held without a hole."""
    unbroken: list[Interval] = []
    for item in reversed(prices.past):
        later = unbroken[-1] if unbroken else prices.current
        if later is None or item.end != later.start:
            break
        unbroken.append(item)
    return len(unbroken if resolution is None else resample(unbroken, resolution))


async def _ask(
    site: AmberSite, channel: Channel, previous: int, following: int, per_step: int
) -> ChannelPrices:
    """Ask once, in the site's own intervals: whether others are had is uncertain."""
    now = dt_util.utcnow()
    check_reserve(site.limits, now)
    # The first of them may have begun within a step
    before, after = (previous + 1) * per_step - 1, following * per_step
    try:
        raw = await site.client.get_current_prices(previous=before, next=after)
        return driver.prices(raw, now).channels.get(channel, ChannelPrices())
    except ApiError as err:
        # Whether the limit is one of each channel or of all is uncertain (3.2)
        count = max(1, len(site.channels))
        refused = isinstance(err, BadDataError) and err.reason == "bad_request"
        if refused and (before + 1 + after) * count > MOST_INTERVALS:
            raise _too_many(MOST_INTERVALS // count // per_step) from err
        raise asked_error(err) from err


def _steps(
    call: ServiceCall, intervals: tuple[Interval, ...], *, partial: bool = False
) -> tuple[Interval, ...]:
    resolution = call.data.get("resolution")
    if resolution is None:
        return intervals
    return resample(intervals, resolution, partial=partial)


def _last(intervals: tuple[Interval, ...], count: int) -> tuple[Interval, ...]:
    return intervals[len(intervals) - count :] if count < len(intervals) else intervals


def _objects(
    site: AmberSite, call: ServiceCall, intervals: tuple[Interval, ...]
) -> list[dict[str, JsonValueType]]:
    return as_objects(
        intervals,
        mode=call.data.get("price", PricingMode.MARKET),
        surcharge=site.settings.surcharge,
    )
