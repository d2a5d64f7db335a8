"""The pages: every vendor at a glance, then each home with its controls."""

from collections.abc import Container
from typing import Any

from .hass import Hass
from .homes import POWERS, Home
from .price_dashboard import price_glance, price_view
from .tariffs import Tariff

PATH = "house-energy"
TITLE = "Home"
BATTERIES_PATH = "batteries"
BATTERIES = "Batteries"

type Card = dict[str, Any]

_LOOKS = {
    "solar_power": ("Solar", "amber", "mdi:solar-power-variant"),
    "load_power": ("House", "deep-purple", "mdi:home-lightning-bolt"),
    "grid_power": ("Grid", "light-blue", "mdi:transmission-tower"),
    "battery_power": ("Battery", "teal", "mdi:home-battery"),
}


def hourly_cards(home: Home) -> list[Card]:
    """Returns the energies of two days; [] where there is no past to begin with.

    What was imported is followed by what was measured.
    """
    if not home.history_days:
        return []
    entities: list[Card] = []
    for flow, name, colour in (
        ("solar", "Solar", "#ff9800"),
        ("import", "Import", "#488fc2"),
        ("export", "Export", "#8353d1"),
    ):
        look = {"name": name, "color": colour}
        entities += [
            {"entity": home.statistic(flow), **look},
            {"entity": home.counter(flow), **look, "name": f"{name}, live"},
        ]
    return [
        {
            "type": "statistics-graph",
            "title": "Solar and grid by hour",
            "days_to_show": 2,
            "period": "hour",
            "stat_types": ["change"],
            "chart_type": "bar",
            "entities": entities,
            "grid_options": {"columns": 12},
        }
    ]


def while_known(home: Home, key: str) -> list[Card]:
    """Returns the conditions under which a card about an entity says something."""
    if key not in home.entities:
        return []
    entity = home.entity_id(key)
    return [
        {"condition": "state", "entity": entity, "state_not": state}
        for state in ("unknown", "unavailable")
    ]


def outage_cards(home: Home) -> list[Card]:
    """Returns whether the grid is there and how long the battery lasts; [] if untold."""
    return [
        {
            "type": "tile",
            "entity": home.entity_id(key),
            "name": {"type": "entity"},
            "color": "teal",
            **({"visibility": while_known(home, key)} if key != "off_grid" else {}),
        }
        # of the two moments one is known at a time
        for key in ("off_grid", "fully_discharged_at", "fully_charged_at")
        if key in home.entities
    ]


def control_cards(home: Home, keys: Container[str] | None = None) -> list[Card]:
    """Returns what a battery is told, and what it does with it; [] without control.

    Only for those keys, if there are any.
    """
    select: Card = {"type": "select-options"}
    buttons: Card = {"type": "numeric-input", "style": "buttons"}
    slider: Card = {"type": "numeric-input", "style": "slider"}
    rows: list[tuple[str, Card]] = [
        # what the feature shows by itself is not said twice
        ("battery_mode", {"features": [select], "hide_state": True}),
        ("control_state", {}),
        ("control_ends", {"visibility": while_known(home, "control_ends")}),
        ("force_duration", {"features": [buttons], "hide_state": True}),
        ("force_power", {"features": [buttons], "hide_state": True}),
        ("force_target", {"features": [slider]}),
        ("backup_reserve", {"features": [slider]}),
    ]
    cards: list[Card] = [
        {
            "type": "tile",
            "entity": home.entity_id(key),
            "name": {"type": "entity"},
            "color": "teal",
            "features_position": "inline",
            "grid_options": {"columns": 12 if "features" in look else 6},
            **look,
        }
        for key, look in rows
        if key in home.entities and (keys is None or key in keys)
    ]
    if not cards:
        return []
    heading = "Battery control"
    return [
        {"type": "heading", "heading_style": "subtitle", "heading": heading},
        *cards,
    ]


def gauge_card(home: Home) -> Card:
    """Returns the gauge of a home's battery."""
    return {
        "type": "gauge",
        "entity": home.entity_id("battery_soc"),
        "name": "Battery",
        "min": 0,
        "max": 100,
        "needle": False,
        "severity": {"red": 0, "yellow": 15, "green": 30},
        "grid_options": {"columns": 12, "rows": 3},
    }


def heading_card(home: Home, heading: str) -> Card:
    """Returns what stands above a home."""
    return {"type": "heading", "heading": heading, "icon": "mdi:home-battery"}


def glance_section(home: Home) -> Card:
    """Returns a home in few words: what is there now, and what the battery does."""
    tiles = [
        {
            "type": "tile",
            "entity": home.entity_id(key),
            "name": name,
            "color": colour,
            "icon": icon,
        }
        for key, (name, colour, icon) in _LOOKS.items()
    ]
    return {
        "type": "grid",
        "cards": [
            heading_card(home, f"{home.name} · {home.vendor.name}"),
            gauge_card(home),
            *tiles,
            *control_cards(home, ["battery_mode", "control_state"])[1:],
        ],
    }


def home_section(home: Home) -> Card:
    """Returns the section of one home: now, its controls, and the last two days."""
    tiles: list[Card] = [
        {
            "type": "tile",
            "entity": home.entity_id(key),
            "name": {"type": "entity"},
            "color": _LOOKS[key][1],
            "features": [{"type": "trend-graph", "hours_to_show": 1}],
        }
        for key in POWERS
    ]
    return {
        "type": "grid",
        "cards": [
            heading_card(home, f"{home.name} · {home.vendor.name}"),
            gauge_card(home),
            *tiles,
            *outage_cards(home),
            *control_cards(home),
            *hourly_cards(home),
        ],
    }


def energy_section() -> Card:
    """Returns the section of today's energy over all homes."""
    return {
        "type": "grid",
        "cards": [
            {
                "type": "heading",
                "heading": "Energy today",
                "icon": "mdi:lightning-bolt",
            },
            {"type": "energy-distribution", "link_dashboard": True},
            *(
                {"type": gauge, "grid_options": {"columns": 6}}
                for gauge in (
                    "energy-solar-consumed-gauge",
                    "energy-self-sufficiency-gauge",
                )
            ),
            {"type": "energy-solar-graph"},
        ],
    }


def sections_view(title: str, path: str, icon: str, sections: list[Card]) -> Card:
    """Returns a page of sections in three columns."""
    return {
        "type": "sections",
        "title": title,
        "path": path,
        "icon": icon,
        "max_columns": 3,
        "sections": sections,
    }


async def make_dashboard(hass: Hass, homes: list[Home], tariffs: list[Tariff]) -> None:
    """Makes the dashboard, or makes it anew, and the page that comes first."""
    known = await hass.call("lovelace/dashboards/list")
    if all(dashboard["url_path"] != PATH for dashboard in known):
        await hass.call(
            "lovelace/dashboards/create",
            url_path=PATH,
            title=TITLE,
            icon="mdi:home-lightning-bolt",
            mode="storage",
            require_admin=False,
            show_in_sidebar=True,
        )
    # so that the first page has a home of each vendor
    first = list({home.vendor.domain: home for home in reversed(homes)}.values())
    first.sort(key=homes.index)
    others = [home for home in homes if home not in first]
    glance = [
        *(glance_section(home) for home in first),
        *(price_glance(tariff) for tariff in tariffs[:1]),
    ]
    details = [
        *(home_section(home) for home in first),
        energy_section(),
        *(home_section(home) for home in others),
    ]
    views = [
        sections_view(TITLE, "home", "mdi:home-lightning-bolt", glance),
        sections_view(BATTERIES, BATTERIES_PATH, "mdi:home-battery", details),
        price_view(tariffs),
    ]
    await hass.call("lovelace/config/save", url_path=PATH, config={"views": views})
    await hass.call(
        "frontend/set_system_data", key="core", value={"default_panel": PATH}
    )


async def show_times_of_the_house(hass: Hass) -> None:
    """Lets every browser show the house's time: the demo's zone is not the user's."""
    await hass.call(
        "frontend/set_user_data",
        key="language",
        value={
            "language": "en",
            "number_format": "language",
            "time_format": "24",
            "date_format": "language",
            "time_zone": "server",
            "first_weekday": "language",
        },
    )
