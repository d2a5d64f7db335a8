"""Amounts and prices per hour in the recorder (reference sections 7.3 and 7.4)."""

from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any

from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.amber_energy import driver
from custom_components.amber_energy._vendor.core.ha.statistics import (
    SumStatistic,
    async_write_hours,
)
from custom_components.amber_energy.const import DOMAIN
from custom_components.amber_energy.usage.days import days
from custom_components.amber_energy.usage.writer import UsageWriter
from simulator.amber import Site
from tests.amber_energy.usage.keeping import Keeping
from tests.amber_energy.usage.metered import VECTOR

from .conftest import EPOCH, HOUR, ReadRows, assert_sums
from .test_month import statistic

MONEY = SumStatistic(
    statistic_id=f"{DOMAIN}:x_net_cost", name="x", unit="AUD", unit_class=None, digits=6
)
FIRST = datetime(2026, 10, 1, tzinfo=UTC)
LATER = datetime(2027, 1, 1, tzinfo=UTC)


async def listed(hass: HomeAssistant) -> dict[str, dict[str, Any]]:
    """Return what Home Assistant knows of all statistics."""
    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)
    return {item["statistic_id"]: item for item in found}


async def test_the_vector(hass: HomeAssistant, rows: ReadRows) -> None:
    """7.4, as it stands in the recorder."""
    [usage] = days(driver.usage(VECTOR)).values()
    writer = UsageWriter(hass, "01J", name=lambda: "Home", with_prices=lambda: False)
    assert await writer.write(usage) == 6
    night = datetime(2026, 10, 3, 14, tzinfo=UTC)
    noon = datetime(2026, 10, 4, 2, tzinfo=UTC)
    expected = {
        "e1_energy": {night: (0.044, 0.044)},
        "e1_cost": {night: (0.01202, 0.01202)},
        "b1_energy": {noon: (0.412, 0.412)},
        "b1_compensation": {noon: (0.025561, 0.025561)},
        "net_cost": {night: (0.01202, 0.01202), noon: (-0.025561, -0.013541)},
    }
    for key, wanted in expected.items():
        found = await rows(f"{DOMAIN}:01j_{key}")
        assert found == {
            hour: pytest.approx(values, abs=1e-9) for hour, values in wanted.items()
        }


async def test_what_they_are_called(keeping: Keeping, site: Site) -> None:
    """Ids of site and register, units and kinds of section 7.3."""
    keeping.chosen.price_statistics = True
    await keeping.start()
    energy = ("kWh", "energy", True, StatisticMeanType.NONE)
    money = ("AUD", None, True, StatisticMeanType.NONE)
    price = ("AUD/kWh", None, False, StatisticMeanType.ARITHMETIC)
    expected = {
        statistic(site, key): kind
        for kind, keys in {
            energy: ["e1_energy", "e2_energy", "b1_energy"],
            money: ["e1_cost", "e2_cost", "b1_compensation", "net_cost"],
            price: ["e1_price", "e2_price", "b1_price"],
        }.items()
        for key in keys
    }
    found = await listed(keeping.hass)
    assert {
        key: (
            item["statistics_unit_of_measurement"],
            item["unit_class"],
            item["has_sum"],
            item["mean_type"],
        )
        for key, item in found.items()
    } == expected
    assert {item["source"] for item in found.values()} == {DOMAIN}
    assert found[statistic(site, "e1_cost")]["name"] == "Home general E1 cost"
    assert found[statistic(site, "net_cost")]["name"] == "Home net cost"


async def test_prices_are_an_option(keeping: Keeping, site: Site) -> None:
    """Without it there are none; with it each hour has mean, lowest and highest."""
    await keeping.start()
    assert not any(key.endswith("_price") for key in await listed(keeping.hass))
    keeping.chosen.price_statistics = True
    await keeping.keeper.async_import(keeping.yesterday, keeping.yesterday)
    for register, sign in (("e1", 1), ("b1", -1)):
        key = statistic(site, f"{register}_price")
        await async_wait_recording_done(keeping.hass)
        found = await get_instance(keeping.hass).async_add_executor_job(
            statistics_during_period,
            keeping.hass,
            EPOCH,
            None,
            {key},
            "hour",
            None,
            {"mean", "min", "max"},
        )
        truth = keeping.sim.truth.usage(site.id, keeping.yesterday, keeping.yesterday)
        prices = [
            sign * record["perKwh"] / 100
            for record in truth.records
            if record["channelIdentifier"] == register.upper()
        ]
        rows = found[key]
        assert len(rows) == 24
        for place, row in enumerate(rows):
            hour = prices[place * 12 : place * 12 + 12]
            assert row["mean"] == pytest.approx(sum(hour) / 12, abs=1e-6)
            assert row["min"] == pytest.approx(min(hour), abs=1e-6)
            assert row["max"] == pytest.approx(max(hour), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
async def test_money_in_any_order(
    hass: HomeAssistant, rows: ReadRows, seed: int
) -> None:
    """Negative amounts too; the smallest correction moves all later sums."""
    draw = Random(seed)
    amounts = {
        FIRST + n * HOUR: round(draw.uniform(-0.5, 0.5), 6) for n in range(4 * 24)
    }
    parts = [
        dict(list(amounts.items())[place : place + 24]) for place in range(0, 96, 24)
    ]
    draw.shuffle(parts)
    for part in parts:
        await async_write_hours(hass, DOMAIN, MONEY, part, LATER)
    amounts[FIRST] = round(amounts[FIRST] + 0.000001, 6)
    change = {FIRST: amounts[FIRST]}
    await async_write_hours(hass, DOMAIN, MONEY, change, LATER)
    found = await rows(MONEY.statistic_id)
    sums = accumulate(amounts.values())
    assert found == {
        hour: pytest.approx((amount, total), abs=1e-8)
        for (hour, amount), total in zip(amounts.items(), sums, strict=True)
    }


async def test_a_name_is_no_part_of_the_id(
    hass: HomeAssistant, rows: ReadRows, keeping: Keeping, site: Site
) -> None:
    """A site that is called otherwise goes on with its statistics."""
    await keeping.start()
    keeping.keeper._writer._name = lambda: "Another name"
    await keeping.days(1)
    net = await rows(statistic(site, "net_cost"))
    assert len(net) == 48
    assert_sums(net)
    found = await listed(hass)
    assert found[statistic(site, "net_cost")]["name"] == "Another name net cost"


async def test_a_second_site_is_apart(hass: HomeAssistant, rows: ReadRows) -> None:
    """Each has its own sums."""
    [usage] = days(driver.usage(VECTOR)).values()
    for site_id in ("01A", "01B"):
        writer = UsageWriter(
            hass, site_id, name=lambda: "Home", with_prices=lambda: False
        )
        await writer.write(usage)
    for site_id in ("01a", "01b"):
        net = await rows(f"{DOMAIN}:{site_id}_net_cost")
        assert list(net.values())[-1][1] == pytest.approx(-0.013541, abs=1e-9)
