"""What automations need of a site: spikes, forecasts, the cheapest hours."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from .folder import DemoError
from .price_site import SLOT, SOON, PriceSite, slot_start, utcnow
from .report import no_problem_within
from .vendor import GENERAL

SPIKE, CALM = 900.0, 20.0  # c/kWh
HOURS = 3  # of the block that is looked for
MINUTE = timedelta(minutes=1)
LEFT = timedelta(seconds=40)  # of a slot for something that must not cross its end
LEAST_STEPS = 48  # half hours that a forecast reaches at least
NEAR = 2e-6  # AUD/kWh by which averages may differ: prices have six digits


async def quiet(site: PriceSite) -> None:
    """Waits until the running price is final and stays for a while.

    Of a longer interval it is enough that the market has its five minutes.
    """
    while True:
        now = utcnow()
        boundary = slot_start(now)
        final_at = await site.final_at()
        if final_at is None or final_at >= boundary + SLOT:
            final_at = boundary + LEFT
        if final_at + timedelta(seconds=SOON) <= now <= boundary + SLOT - LEFT:
            return
        await asyncio.sleep(1)


async def spike_problems(site: PriceSite) -> list[str]:
    """Makes a spike and returns what Home Assistant does not show of it.

    The market may be in one already, or have one next: nothing is told of a spike that
    follows another, so calm is made before it and after it.
    """
    await quiet(site)
    page = await site.market.page()
    region = page["systems"][site.tariff.site_id]["state"]
    start = slot_start(utcnow())

    async def problems(spike: str, event: str | None) -> list[str]:
        state = await site.hass.state(site.tariff.entity_id("price_spike"))
        events = site.tariff.entity_id("price_spike_event")
        told = await site.hass.attribute(events, "event_type")
        return [
            *([f"the spike is {state}"] if state != spike else []),
            *([f"the last event is {told}"] if event not in {told, None} else []),
            *await site.shown_problems(),
        ]

    async def set_price(spot: float, spike: str, event: str | None) -> list[str]:
        await site.market.force_price(region, start, start + SLOT, spot)
        await site.press("refresh")
        return await no_problem_within(SOON, lambda: problems(spike, event))

    try:
        return (
            await set_price(CALM, "off", None)
            or await set_price(SPIKE, "on", "spike_started")
            or await set_price(CALM, "off", "spike_ended")
        )
    finally:
        await site.market.release_prices()
        await site.press("refresh")


async def forecast_problems(site: PriceSite) -> list[str]:
    """Returns what is wrong with a forecast in equal steps."""
    response = await site.act("get_forecasts", channel_type=GENERAL, resolution="30")
    steps = response["forecasts"]
    starts = [datetime.fromisoformat(step["start_time"]) for step in steps]
    problems = []
    if len(steps) < LEAST_STEPS:
        problems.append(f"there are {len(steps)} steps")
    if {step["duration"] for step in steps} != {30}:
        problems.append("the steps are not of 30 minutes")
    if starts != [starts[0] + place * 30 * MINUTE for place in range(len(starts))]:
        problems.append("the steps do not follow each other")
    return problems


async def block_problems(site: PriceSite) -> list[str]:
    """Returns whether there is a cheaper block than the one that was found."""
    await quiet(site)
    await site.press("refresh")

    async def problems() -> list[str]:
        told = await site.now()
        block = await site.act("find_block", channel_type=GENERAL, hours=HOURS)
        start = datetime.fromisoformat(block["start"])
        averages = block_averages(told["answer"], utcnow())
        if start not in averages:
            return [f"there is no forecast at {start}"]
        said, real, best = block["average"], averages[start], min(averages.values())
        if abs(said - real) > NEAR:
            return [f"the block at {start} costs {real:.6f}, not {said}"]
        if real - best > NEAR:
            return [
                f"the block at {start} costs {real:.6f}, there is one of {best:.6f}"
            ]
        return []

    return await no_problem_within(SOON, problems)


def block_averages(
    answer: Sequence[Mapping[str, Any]], now: datetime
) -> dict[datetime, float]:
    """Returns what blocks cost in AUD/kWh, by the minute in which they begin."""
    prices: dict[datetime, float] = {}
    for interval in answer:
        if interval["channelType"] == GENERAL:
            end = datetime.fromisoformat(interval["endTime"])
            for minutes in range(1, interval["duration"] + 1):
                prices[end - minutes * MINUTE] = interval["perKwh"] / 100
    first = slot_start(now)
    while first < now:
        first += MINUTE
    length = HOURS * 60
    found = {}
    while (last := first + (length - 1) * MINUTE) in prices and first in prices:
        block = [prices.get(first + place * MINUTE) for place in range(length)]
        known = [price for price in block if price is not None]
        if len(known) < length:
            raise DemoError(f"the simulator's forecast has a hole before {last}")
        found[first] = sum(known) / length
        first += MINUTE
    return found
