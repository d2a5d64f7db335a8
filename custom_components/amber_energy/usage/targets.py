"""Which external statistics a site's usage becomes (reference section 7.3)."""

from collections.abc import Mapping

from .._vendor.core.ha.statistics import EnergyStatistic, MeanStatistic, SumStatistic
from ..const import DOMAIN
from ..driver import Channel
from .days import NET_COST, money_kind, register_key

CURRENCY = "AUD"
PRICE_UNIT = f"{CURRENCY}/kWh"

_DIGITS = 6


def statistic_id(site_id: str, key: str) -> str:
    """Return the id of a statistic; names that people give are no part of it."""
    return f"{DOMAIN}:{register_key(site_id)}_{key}"


def sums(
    site_id: str, name: str, registers: Mapping[str, Channel]
) -> dict[str, SumStatistic]:
    """Return the statistic of each series of ``UsageDay.series``.

    ``name`` is the site's; ``registers`` gives each one's channel by its key.
    """

    def money(key: str, label: str) -> SumStatistic:
        return SumStatistic(
            statistic_id=statistic_id(site_id, key),
            name=f"{name} {label}",
            unit=CURRENCY,
            unit_class=None,
            digits=_DIGITS,
        )

    found: dict[str, SumStatistic] = {}
    for key, channel in registers.items():
        label = f"{channel.value.replace('_', ' ')} {key.upper()}"
        found[f"{key}_energy"] = EnergyStatistic(
            statistic_id=statistic_id(site_id, f"{key}_energy"),
            name=f"{name} {label} energy",
        )
        kind = money_kind(channel)
        found[f"{key}_{kind}"] = money(f"{key}_{kind}", f"{label} {kind}")
    found[NET_COST] = money(NET_COST, "net cost")
    return found


def price(site_id: str, name: str, key: str, channel: Channel) -> MeanStatistic:
    """Return the statistic of a register's price."""
    label = f"{channel.value.replace('_', ' ')} {key.upper()}"
    return MeanStatistic(
        statistic_id=statistic_id(site_id, f"{key}_price"),
        name=f"{name} {label} price",
        unit=PRICE_UNIT,
        unit_class=None,
        digits=_DIGITS,
    )
