"""The vendors of the demo: adding one is one entry here."""

from datetime import UTC, datetime
from typing import Any

from yarl import URL

from simulator.amber import (
    TOKEN as AMBER_TOKEN,
    Site as AmberSite,
    default_sites as amber_sites,
)
from simulator.growatt import (
    PASSWORD as GROWATT_PASSWORD,
    credentials_of as growatt_credentials,
    default_homes as growatt_homes,
)
from simulator.sonnen import Home as SonnenHome, default_homes as sonnen_homes
from simulator.sonnen.behaviour import usoc_of

from . import goodwe, sungrow
from .vendor import (
    FEED_IN,
    GENERAL,
    Answers,
    Control,
    Door,
    Entry,
    HomeVendor,
    PriceVendor,
    Register,
    Surprises,
    Vendor,
)


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


def growatt_token(simulator: str) -> Answers:
    """Returns the input of Growatt's config flow for an API token."""
    _, token = growatt_credentials(0)
    return {
        "user": {"next_step_id": "token"},
        "token": {"token": token, "expert": {"server_url": simulator}},
    }


def growatt_login(simulator: str) -> Answers:
    """Returns the input of Growatt's config flow for a login."""
    user_name, _ = growatt_credentials(1)
    return {
        "user": {"next_step_id": "login"},
        "login": {
            "user_name": user_name,
            "password": GROWATT_PASSWORD,
            "expert": {"server_url": simulator},
        },
    }


def growatt_settings(device: Any) -> Any:
    """Returns what a device has stored: its settings, and what remote control does.

    A duration means something only while it counts down.
    """
    remote = device["vpp_values"]
    if not int(remote["25"]):
        remote = {key: value for key, value in remote.items() if key != "26"}
    return {"settings": device["settings"]["stored"], "remote": remote}


SONNEN_HOMES = sonnen_homes(2)
GROWATT_HOMES = growatt_homes(2)
GROWATT_BY_TOKEN, GROWATT_BY_LOGIN = (home.devices[0].sn for home in GROWATT_HOMES)
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
        history_days=7,
        shown_soc=lambda soc: soc,
        control=Control(
            quick={"reaction_delay": 2.5},
            poll=10,
            back=20,
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
        history_days=0,
        shown_soc=usoc_of,
        control=Control(
            quick={"reaction_delay": 2},
            poll=10,
            back=20,
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
    HomeVendor(
        domain="growatt_energy",
        name="Growatt",
        simulator="growatt",
        entries=(growatt_token, growatt_login),
        menu="API token",
        options={},
        switches={"push_seconds": 10},
        counters="today",
        least_entities=100,
        homes=("Cottage", "Garage"),
        history_days=1,
        # steps of 0.1 kWh; what goes both ways within five minutes is not in it
        history_within=0.25,
        without_history=frozenset({GROWATT_BY_LOGIN}),
        shown_soc=lambda soc: soc,
        control=Control(
            quick={"reaction_delay": 2, "readback_delay": 5},
            poll=None,
            back=90,
            end_alone=frozenset({GROWATT_BY_TOKEN}),
            by_minute=frozenset({GROWATT_BY_LOGIN}),
            stored=growatt_settings,
            writes=("new-api/setVppParameter", "newTcpsetAPI.do/*"),
            unreadable=(),
            forces=("force_charge", "force_discharge"),
            surprises=None,
        ),
        unit="device",
        doors={
            home.devices[0].sn: Door(place=place, house=str(home.plant_id))
            for place, home in enumerate(GROWATT_HOMES)
        },
    ),
    HomeVendor(
        domain="sungrow_energy",
        name="Sungrow iSolarCloud",
        simulator="sungrow",
        entries=(sungrow.oauth, sungrow.login),
        one_port=True,
        web_port=True,
        menu="Application with OAuth 2.0",
        options={"init": {"allow_control": True, "poll_seconds": 60}},
        switches={"push_seconds": 5},
        counters="total",
        least_entities=255,
        homes=("Lodge", "Orchard"),
        history_days=1,
        history_today=False,  # the cloud has none of the running day
        shown_soc=lambda soc: soc,
        control=Control(
            quick={"reaction_seconds": 2, "task_seconds": 1},
            poll=None,
            back=120,
            stored=lambda device: device["stored"],
            writes=("platform/paramSetting", "paramSetting"),
            unreadable=(),
            forces=("force_charge", "force_discharge"),
            surprises=None,
        ),
        unit="device",
        unit_switches={"task_seconds": 1},  # settings are read one by one at first
        soc=50,  # a force is refused by what the last poll said
        several_records=True,
        doors=sungrow.doors(),
        plants=sungrow.plants(),
        names={
            "solar_power": "pv_power",
            "solar_energy_total": "pv_energy_total",
            "import_energy_total": "grid_import_total",
            "export_energy_total": "grid_export_total",
            "battery_charge_energy_total": "battery_charge_total",
            "battery_discharge_energy_total": "battery_discharge_total",
        },
    ),
    HomeVendor(
        domain="goodwe_energy",
        name="GoodWe SEMS+",
        simulator="goodwe",
        entries=(goodwe.entry,),
        one_port=True,
        options={},
        counters="total",
        least_entities=150,
        homes=("Cabin", "Boathouse"),
        history_days=1,
        history_today=False,  # only days that are over are imported
        shown_soc=lambda soc: soc,
        control=Control(
            quick={"reaction_seconds": 1, "write_seconds": 0.3},
            poll=10,  # powers are pushed every five seconds
            back=90,
            believed=65,  # records are of a minute
            by_minute=frozenset(goodwe.doors()),
            stored=goodwe.stored,
            writes=goodwe.WRITES,
            unreadable=(),
            forces=("force_charge", "force_discharge"),
            surprises=None,
        ),
        unit="device",
        doors=goodwe.doors(),
        plants=goodwe.plants(),
        names=goodwe.NAMES,
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
        switches={"retention_days": 31},  # three months take long to import
    ),
)
HOME_VENDORS = tuple(one for one in VENDORS if isinstance(one, HomeVendor))
PRICE_VENDORS = tuple(one for one in VENDORS if isinstance(one, PriceVendor))
PORTS = sum(vendor.ports for vendor in VENDORS)
