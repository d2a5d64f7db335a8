"""The page of prices: now, the next hours, and what was paid."""

from typing import Any

from .tariffs import Tariff
from .vendor import FEED_IN, GENERAL

PATH = "prices"
TITLE = "Prices"
FORECAST = "sensor.forecast"  # stands for the entity in the table
NEXT_HOURS = """\
| from | price | | renewables |
|:--|--:|:--|--:|
{%- set ns = namespace(hour='') %}
{%- for one in state_attr('sensor.forecast', 'forecasts') or [] %}
{%- set start = one.start_time | as_datetime | as_local %}
{%- set hour = start.strftime('%d %H') %}
{%- if hour != ns.hour and start < now() + timedelta(hours=9) %}
{%- set ns.hour = hour %}
| {{ start.strftime('%H:%M') }} \
| **{{ '%.1f' | format(one.per_kwh * 100) }}&nbsp;c** \
| {{ (one.descriptor or '').replace('_', ' ') }} \
| {{ one.renewables }}&nbsp;% |
{%- endif %}
{%- endfor %}
"""

type Card = dict[str, Any]

_COLOURS = {GENERAL: "amber", "controlled_load": "deep-orange", FEED_IN: "teal"}


def tile(tariff: Tariff, key: str, colour: str, **look: Any) -> Card:
    """Returns the tile of an entity."""
    return {
        "type": "tile",
        "entity": tariff.entity_id(key),
        "name": {"type": "entity"},
        "color": colour,
        **look,
    }


def price_tiles(tariff: Tariff) -> list[Card]:
    """Returns each channel's price with its way over two hours."""
    trend: Card = {"features": [{"type": "trend-graph", "hours_to_show": 2}]}
    odd = len(tariff.channels) % 2
    wide: Card = {"grid_options": {"columns": 12}} if odd else {}
    return [
        tile(
            tariff,
            f"{channel}_price",
            _COLOURS[channel],
            **trend,
            **(wide if channel == GENERAL else {}),
        )
        for channel in sorted(tariff.channels, key=list(_COLOURS).index)
    ]


def next_hours(tariff: Tariff) -> Card:
    """Returns the table of the prices that come."""
    return {
        "type": "markdown",
        "title": "Next hours",
        "content": NEXT_HOURS.replace(
            FORECAST, tariff.entity_id(f"{GENERAL}_forecast")
        ),
        "grid_options": {"columns": 12},
    }


def history(tariffs: list[Tariff]) -> Card:
    """Returns the curves of the prices."""
    keys = (f"{GENERAL}_price", f"{FEED_IN}_price")
    return {
        "type": "history-graph",
        "title": "Prices so far",
        "hours_to_show": 3,
        "entities": [
            {"entity": tariff.entity_id(key)} for tariff in tariffs for key in keys
        ],
        "grid_options": {"columns": 12},
    }


def money(tariff: Tariff) -> Card:
    """Returns what each of the last days has cost and earned."""
    looks = {
        GENERAL: ("General", "#488fc2"),
        "controlled_load": ("Controlled load", "#ff9800"),
        FEED_IN: ("Earned by feed-in", "#8353d1"),
    }
    return {
        "type": "statistics-graph",
        "title": f"{tariff.name}, day by day",
        "days_to_show": 14,
        "period": "day",
        "stat_types": ["change"],
        "chart_type": "bar",
        "entities": [
            {
                "entity": tariff.statistic(f"{name}_{register.money}"),
                "name": looks[register.channel][0],
                "color": looks[register.channel][1],
            }
            for name, register in tariff.registers.items()
        ],
        "grid_options": {"columns": 12},
    }


def price_glance(tariff: Tariff) -> Card:
    """Returns a site in few words: what power costs now, and why."""
    told = (
        (f"{FEED_IN}_price", "Feed-in", "teal"),
        (f"{GENERAL}_price_descriptor", "Price level", "amber"),
        ("renewables", "Renewables", "green"),
        ("price_spike", "Price spike", "red"),
    )
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": f"{tariff.name} · {tariff.vendor.name}",
                "icon": "mdi:transmission-tower",
            },
            {
                "type": "gauge",
                "entity": tariff.entity_id(f"{GENERAL}_price"),
                "name": "Price of a kWh",
                "unit": "AUD",
                "min": 0,
                "max": 0.6,
                "needle": False,
                "severity": {"green": 0, "yellow": 0.25, "red": 0.4},
                "grid_options": {"columns": 12, "rows": 3},
            },
            *(
                tile(tariff, key, colour) | {"name": name}
                for key, name, colour in told
                if key in tariff.entities
            ),
            tile(tariff, "yesterday_net_cost", "blue")
            | {"name": "Cost of yesterday", "grid_options": {"columns": 12}},
        ],
    }


def tariff_section(tariff: Tariff) -> Card:
    """Returns the section of one site: now and the next hours."""
    told = (
        (f"{GENERAL}_price_descriptor", "Price level", "amber"),
        ("price_estimated", "Estimate", "grey"),
        ("price_spike", "Price spike", "red"),
        ("spike_forecast", "Spike ahead", "red"),
        ("demand_window", "Demand window", "purple"),
        ("tariff_period", "Tariff period", "purple"),
        ("renewables", "Renewables", "green"),
    )
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": tariff.name,
                "icon": "mdi:transmission-tower",
            },
            *price_tiles(tariff),
            *(
                tile(tariff, key, colour) | {"name": name}
                for key, name, colour in told
                if key in tariff.entities
            ),
            next_hours(tariff),
        ],
    }


def money_section(tariffs: list[Tariff]) -> Card:
    """Returns the section of what was, and what it has cost."""
    cards: list[Card] = [
        {"type": "heading", "heading": "What it cost", "icon": "mdi:cash-multiple"}
    ]
    for tariff in tariffs:
        name = f"{tariff.name}, yesterday"
        cards.append(
            tile(tariff, "yesterday_net_cost", "blue")
            | {"name": name, "grid_options": {"columns": 12}}
        )
    cards += [money(tariff) for tariff in tariffs]
    return {"type": "grid", "cards": [*cards, history(tariffs)]}


def price_view(tariffs: list[Tariff]) -> Card:
    """Returns the page with a section for each site, and one for the bills."""
    return {
        "type": "sections",
        "title": TITLE,
        "path": PATH,
        "icon": "mdi:cash-clock",
        "max_columns": 3,
        "sections": [
            *(tariff_section(tariff) for tariff in tariffs),
            money_section(tariffs),
        ],
    }
