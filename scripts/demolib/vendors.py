"""The vendors of the demo: adding one is one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from yarl import URL

from simulator.amber import (
    TOKEN as AMBER_TOKEN,
    Site as AmberSite,
    default_sites as amber_sites,
)
from simulator.sonnen import Home as SonnenHome, default_homes as sonnen_homes
from simulator.sonnen.behaviour import usoc_of

GENERAL, FEED_IN = "general", "feed_in"  # channels that most sites have

type Answers = Mapping[str, Mapping[str, Any]]  # input by step of a flow
type Entry = Callable[[str], Answers]  # from the address of the entry's simulator
type Force = Literal["force_charge", "force_discharge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprises:
    """What happens to a battery without Home Assistant, of which the vendor's tell."""

    app: Mapping[str, str]  # what a person sets in the app in the middle of a force
    usable_wh: Mapping[str, float]  # between full and empty for the user, by serial
    logged: str  # what Home Assistant may log once when a battery restarts


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """How a vendor's batteries are controlled in the demo, seen from the simulator."""

    quick: Mapping[str, Any]  # a system's switches that make it react in seconds
    poll: float  # s between two looks of the integration at what a battery does
    stored: Callable[[Any], Any]  # a system's settings in the simulator's own words
    writes: tuple[str, ...]  # globs on the endpoints that change them
    unreadable: tuple[str, ...]  # keys of switches that are unknown until set; all off
    forces: tuple[Force, ...]  # those it can; its batteries try them in turn
    surprises: Surprises | None  # None if it knows neither reset nor failing grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """How the demo sets up one vendor's integration on its simulator."""

    domain: str
    name: str
    simulator: str  # the vendor's name on the simulator's command line
    entries: tuple[Entry, ...]
    one_port: bool = False  # of the simulator for all entries; else each has its own
    options: Answers  # input of the options flow, {} for none
    least_entities: int  # enabled ones that a working set-up has at least

    @property
    def ports(self) -> int:
        """How many ports its simulator has."""
        return 1 if self.one_port else len(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeVendor(Vendor):
    """One whose devices are homes with a battery."""

    counters: str  # suffix of the keys of its energy counters: today or total
    homes: tuple[str, ...]  # what the user calls the simulated homes, by serial
    history: bool  # has the action import_history
    shown_soc: Callable[[float], float]  # % for the user, from that of the house
    control: Control | None  # None if it has no battery to control


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register of a meter, whose energy and money are statistics."""

    channel: str  # how the keys of its entities begin
    wire: str  # the channel in the vendor's words

    @property
    def sign(self) -> int:
        """By what the vendor's prices and money are multiplied for the user."""
        return -1 if self.channel == FEED_IN else 1

    @property
    def money(self) -> str:
        """What the end of the key of its money is."""
        return "compensation" if self.channel == FEED_IN else "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceVendor(Vendor):
    """One whose devices are sites that have a price and a bill."""

    sites: Mapping[str, Mapping[str, Register]]  # by id, then by name, in lower case
    market: Mapping[str, Any]  # switches of its simulator in the demo


def ports(vendor: Vendor) -> range:
    """Returns the places of a vendor's ports among those of all simulators."""
    first = sum(earlier.ports for earlier in VENDORS[: VENDORS.index(vendor)])
    return range(first, first + vendor.ports)


def entries_with_ports(vendor: Vendor) -> list[tuple[int, Entry]]:
    """Returns a vendor's entries, each with the place of its port."""
    places = ports(vendor)
    return [
        (places[0 if vendor.one_port else number], entry)
        for number, entry in enumerate(vendor.entries)
    ]


def alphaess_entry(simulator: str) -> Answers:
    """Returns the input of AlphaESS's config flow."""
    return {
        "user": {
            "app_id": "alpha0123456789abcdef",
            "app_secret": "0123456789abcdef0123456789abcdef",
            "expert": {"server_url": f"{simulator}/api"},
        }
    }


def alphaess_settings(system: Any) -> Any:
    """Returns what the cloud has stored for a system, in both stores."""
    parts = ("charge", "discharge", "periodic", "household")
    return {part: system[part]["stored"] for part in parts}


def sonnen_entry(home: SonnenHome) -> Entry:
    """Returns what makes the input of sonnen's config flow for one battery."""

    def answers(simulator: str) -> Answers:
        address = URL(simulator)
        return {
            "user": {
                "host": address.host,
                "port": address.port,
                "token": home.token,
                "serial": home.serial,
                "expert": {"https": False},
            }
        }

    return answers


def sonnen_usable_wh(home: SonnenHome) -> float:
    """Returns what is between full and the hidden reserve of a battery, in Wh."""
    spec = home.spec
    return spec.battery_capacity_wh * (1 - spec.floor_percent / 100)


def amber_entry(site: AmberSite, name: str) -> Entry:
    """Returns what makes the input of Amber's config flow for one site."""

    def answers(simulator: str) -> Answers:
        return {
            "user": {
                "token": AMBER_TOKEN,
                "expert": {"server_url": f"{simulator}/v1"},
            },
            "site": {"site_id": site.id, "name": name},
        }

    return answers


def amber_registers(site: AmberSite) -> dict[str, Register]:
    """Returns a site's registers by their names in lower case."""
    return {
        register.identifier.lower(): Register(
            channel=AMBER_CHANNELS[register.type], wire=register.type
        )
        for register in site.channels
    }


SONNEN_HOMES = sonnen_homes(2)
AMBER_CHANNELS = {
    "general": GENERAL,
    "controlledLoad": "controlled_load",
    "feedIn": FEED_IN,
}
AMBER_SITES = amber_sites(2, now=datetime.now(UTC))

VENDORS: tuple[Vendor, ...] = (
    HomeVendor(
        domain="alphaess_energy",
        name="AlphaESS",
        simulator="alphaess",
        entries=(alphaess_entry,),
        options={
            "init": {"next_step_id": "settings"},
            "settings": {"live_interval": 10, "history_days": 0},
        },
        counters="today",
        least_entities=105,
        homes=("Family house", "Workshop"),
        history=True,
        shown_soc=lambda soc: soc,
        control=Control(
            quick={"reaction_delay": 2.5},
            poll=10,
            stored=alphaess_settings,
            writes=("update*ConfigInfo", "setTimeChargeBySn"),
            unreadable=("grid_charge", "discharge_time_control"),
            forces=("force_charge",),
            surprises=None,
        ),
    ),
    HomeVendor(
        domain="sonnen_energy",
        name="sonnenBatterie",
        simulator="sonnen",
        entries=tuple(sonnen_entry(home) for home in SONNEN_HOMES),
        options={},
        counters="total",
        least_entities=130,
        homes=("Mill", "Farm"),
        history=False,
        shown_soc=usoc_of,
        control=Control(
            quick={"reaction_delay": 2},
            poll=10,
            stored=lambda system: system["stored"],
            writes=("set*",),
            unreadable=(),
            forces=("force_charge", "force_discharge"),
            surprises=Surprises(
                app={"EM_OperatingMode": "10"},
                usable_wh={
                    home.serial: sonnen_usable_wh(home) for home in SONNEN_HOMES
                },
                logged="sonnenBatterie cannot be read (live)",
            ),
        ),
    ),
    PriceVendor(
        domain="amber_energy",
        name="Amber Electric",
        simulator="amber",
        entries=tuple(
            amber_entry(site, name)
            for site, name in zip(
                AMBER_SITES, ("Harbour tariff", "Garden tariff"), strict=True
            )
        ),
        one_port=True,
        options={},
        least_entities=70,
        sites={site.id: amber_registers(site) for site in AMBER_SITES},
        market={"retention_days": 31},  # three months take long to import
    ),
)
HOME_VENDORS = tuple(one for one in VENDORS if isinstance(one, HomeVendor))
PRICE_VENDORS = tuple(one for one in VENDORS if isinstance(one, PriceVendor))
PORTS = sum(vendor.ports for vendor in VENDORS)
