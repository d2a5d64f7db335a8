"""Imported usage and its cost, compared with what the simulator has metered."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any

from .price_site import PriceSite

NEM = timezone(timedelta(hours=10))  # of the market, all year
PUBLISHED = timedelta(hours=5)  # after a day's end
DAYS = 7
DAY = timedelta(days=1)
CENT = 0.005  # AUD by which the money of a day may differ
WATT_HOUR = 0.0005  # kWh by which the energy of a day may differ

type Rows = dict[str, list[dict[str, Any]]]


def last_days(now: datetime) -> list[date]:
    """Returns the last days of the market whose usage is there, oldest first."""
    last = (now.astimezone(NEM) - PUBLISHED).date() - DAY
    return [last - place * DAY for place in reversed(range(DAYS))]


def day_of(start: float) -> date:
    """Returns the market's day of an hour that begins at a time (epoch ms)."""
    return datetime.fromtimestamp(start / 1000, NEM).date()


async def rows_of(site: PriceSite, days: list[date]) -> Rows:
    """Returns the statistics of all registers over some days."""
    start = datetime.combine(days[0], time.min, NEM).astimezone(UTC)
    end = datetime.combine(days[-1] + DAY, time.min, NEM).astimezone(UTC)
    rows: Rows = await site.hass.statistics(site.tariff.statistics(), start, end)
    return {
        statistic: [
            row for row in rows.get(statistic, ()) if day_of(row["start"]) in days
        ]
        for statistic in site.tariff.statistics()
    }


async def import_again(site: PriceSite, days: list[date]) -> list[str]:
    """Has days read again that are no estimates any more; returns what is missing."""
    await site.market.switch(site.tariff.site_id, {"estimated_share": 0.0})
    counts = await site.act(
        "import_usage", start=days[0].isoformat(), end=days[-1].isoformat()
    )
    if counts["days"] == len(days) and not counts["missing"]:
        return []
    return [f"{counts['days']} days were imported, {counts['missing']} not"]


async def bill_problems(site: PriceSite, days: list[date], rows: Rows) -> list[str]:
    """Returns where statistics differ from what was metered, day by day."""
    problems = []
    for statistic, hours in rows.items():
        if any(
            abs(later["sum"] - earlier["sum"] - later["state"]) > 1e-6
            for earlier, later in pairwise(hours)
        ):
            problems.append(f"{statistic}: the sums do not follow the hours")
    for day in days:
        truth = await site.market.used(site.tariff.site_id, day, day)
        for key, wanted, near in wanted_sums(site, truth):
            statistic = site.tariff.statistic(key)
            found = [
                row["state"] for row in rows[statistic] if day_of(row["start"]) == day
            ]
            if len(found) != 24 or abs(sum(found) - wanted) > near:
                problems.append(
                    f"{statistic} on {day}: {sum(found):.4f} in {len(found)} hours, "
                    f"not {wanted:.4f}"
                )
    return problems


def wanted_sums(site: PriceSite, truth: Any) -> list[tuple[str, float, float]]:
    """Returns key, sum and tolerance of each statistic of a day."""
    found = []
    for name, register in site.tariff.registers.items():
        metered = truth[name.upper()]
        cost = register.sign * metered["cost"] / 100
        found.append((f"{name}_energy", metered["kwh"], WATT_HOUR))
        found.append((f"{name}_{register.money}", cost, CENT))
    net = sum(metered["cost"] for metered in truth.values()) / 100
    return [*found, ("net_cost", net, CENT)]
