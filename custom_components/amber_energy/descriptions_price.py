"""Sensors of each channel's price and forecast (reference section 9.1)."""

from collections.abc import Callable
from dataclasses import dataclass

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass

from .attributes import price_attributes
from .descriptions_site import PRICE_DIGITS, PRICE_UNIT, SiteSensorDescription
from .driver import Channel, Descriptor, Interval, PricingMode
from .entity import Attributes
from .look import current, forecasts, local_text, price_of, shown
from .site import AmberSite

DESCRIPTORS = [str(item) for item in Descriptor]
_LOOK_AHEAD = 24.0  # hours


@dataclass(frozen=True, kw_only=True)
class PriceDescription(SiteSensorDescription):
    """A price in AUD/kWh."""

    native_unit_of_measurement: str | None = PRICE_UNIT
    suggested_display_precision: int | None = PRICE_DIGITS


@dataclass(frozen=True, kw_only=True)
class ForecastDescription(PriceDescription):
    """A price with the whole forecast as lists in its attributes."""

    channel: Channel


def _advanced(site: AmberSite, channel: Channel) -> Interval | None:
    """Return the interval whose advanced price is the newest there is."""
    now = current(site, channel)
    near = (now, *forecasts(site, channel)[:1])
    return next((item for item in near if item and item.advanced), now)


def _advanced_price(site: AmberSite, channel: Channel) -> float | None:
    interval = _advanced(site, channel)
    return None if interval is None else interval.value(PricingMode.ADVANCED)


def _advanced_attributes(site: AmberSite, channel: Channel) -> Attributes:
    interval = _advanced(site, channel)
    if interval is None:
        return {}
    advanced = interval.advanced
    return {
        "low": advanced.low if advanced else None,
        "high": advanced.high if advanced else None,
        "price_source": str(interval.source(PricingMode.ADVANCED)),
        "start_time": local_text(interval.start),
    }


def _extreme(
    site: AmberSite, channel: Channel, choose: Callable[..., Interval]
) -> Interval | None:
    priced = [
        item
        for item in forecasts(site, channel, _LOOK_AHEAD)
        if price_of(site, item) is not None
    ]
    return choose(priced, key=lambda item: price_of(site, item)) if priced else None


def _extreme_description(
    channel: Channel, name: str, choose: Callable[..., Interval]
) -> SiteSensorDescription:
    def value(site: AmberSite) -> float | None:
        interval = _extreme(site, channel, choose)
        return None if interval is None else price_of(site, interval)

    def attributes(site: AmberSite) -> Attributes:
        interval = _extreme(site, channel, choose)
        return {
            "start_time": local_text(interval.start if interval else None),
            "end_time": local_text(interval.end if interval else None),
        }

    key = f"{channel}_forecast_{name}"
    return PriceDescription(
        key=key,
        translation_key=key,
        entity_registry_enabled_default=False,
        channel=channel,
        value_fn=value,
        attributes_fn=attributes,
    )


def first_forecast(site: AmberSite, channel: Channel) -> float | None:
    """Return the price of the interval after the one that runs now, AUD/kWh."""
    coming = forecasts(site, channel)
    return price_of(site, coming[0]) if coming else None


def shown_price(site: AmberSite, channel: Channel) -> float | None:
    """Return the price that is shown of a channel, AUD/kWh."""
    now = shown(site, channel)
    return None if now is None else now.price


def _descriptor(site: AmberSite, channel: Channel) -> str | None:
    now = shown(site, channel)
    return None if now is None else now.descriptor


def _of(channel: Channel) -> tuple[SiteSensorDescription, ...]:
    return (
        PriceDescription(
            key=f"{channel}_price",
            translation_key=f"{channel}_price",
            state_class=SensorStateClass.MEASUREMENT,
            channel=channel,
            value_fn=lambda site: shown_price(site, channel),
            attributes_fn=lambda site: price_attributes(site, channel),
        ),
        SiteSensorDescription(
            key=f"{channel}_price_descriptor",
            translation_key=f"{channel}_price_descriptor",
            device_class=SensorDeviceClass.ENUM,
            options=DESCRIPTORS,
            channel=channel,
            value_fn=lambda site: _descriptor(site, channel),
        ),
        PriceDescription(
            key=f"{channel}_advanced_price",
            translation_key=f"{channel}_advanced_price",
            state_class=SensorStateClass.MEASUREMENT,
            entity_registry_enabled_default=False,
            channel=channel,
            value_fn=lambda site: _advanced_price(site, channel),
            attributes_fn=lambda site: _advanced_attributes(site, channel),
        ),
        _extreme_description(channel, "min", min),
        _extreme_description(channel, "max", max),
    )


def _forecast(channel: Channel) -> ForecastDescription:
    return ForecastDescription(
        key=f"{channel}_forecast",
        translation_key=f"{channel}_forecast",
        state_class=SensorStateClass.MEASUREMENT,
        channel=channel,
        value_fn=lambda site: first_forecast(site, channel),
    )


def _rates(channel: Channel) -> ForecastDescription:
    return ForecastDescription(
        key=f"{channel}_rates",
        translation_key=f"{channel}_rates",
        entity_registry_enabled_default=False,
        channel=channel,
        value_fn=lambda site: shown_price(site, channel),
    )


PRICES = tuple(description for channel in Channel for description in _of(channel))
FORECASTS = tuple(_forecast(channel) for channel in Channel)
RATES = tuple(_rates(channel) for channel in Channel)
