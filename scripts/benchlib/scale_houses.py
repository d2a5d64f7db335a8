"""The simulators of a large home: fifty entries of six vendors lead to them.

Run as a module it serves them all, in a process and with a heap of their own.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import json
import signal
import sys

from yarl import URL

from scripts.demolib.vendor import Answers
from simulator.alphaess import (
    APP_ID,
    APP_SECRET,
    Account as AlphaEssAccount,
    AlphaEssSimulator,
    default_homes as alphaess_homes,
)
from simulator.amber import TOKEN, AmberSimulator, Site, default_sites
from simulator.goodwe import GoodWeSimulator, default_homes as goodwe_homes
from simulator.growatt import account_per_home
from simulator.server import Simulator
from simulator.sonnen import (
    Home as SonnenHome,
    SonnenSimulator,
    default_homes as sonnen_homes,
)
from simulator.sungrow import SungrowSimulator, default_homes as sungrow_homes

# Accounts of each vendor, and what each of them has
ALPHAESS, SYSTEMS = 8, 4
SONNEN = 9
AMBER, SITES = 3, 3
GROWATT = 8
SUNGROW, SUNGROW_PLANTS = 8, 2
GOODWE, GOODWE_PLANTS = 8, 2

DONE = "all listen"  # the last line that is printed; those before it are JSON

type Entry = Callable[[str], Answers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A simulator with the entries that lead to it.

    Attributes:
        entries: What each one's config flow is answered, from the URL of the
            simulator, or of the port of its own that each battery has.
        ports: How many it takes, in a row.
        houses: Whether there are any, which can be held still.
    """

    domain: str
    simulator: Simulator
    entries: tuple[Entry, ...]
    ports: int = 1
    houses: bool = True

    def told(self, port: int, host: str) -> str:
        """Return what leads to it as a line of JSON; it begins at a port."""
        step = 1 if self.ports == len(self.entries) else 0
        urls = [
            f"http://{host}:{port + step * place}" for place in range(len(self.entries))
        ]
        return json.dumps(
            {
                "domain": self.domain,
                "houses": urls[0] if self.houses else None,
                "entries": [
                    entry(url) for url, entry in zip(urls, self.entries, strict=True)
                ],
            }
        )


def all_served(zone: str) -> list[Served]:
    """Return all simulators."""
    return [
        *_alphaess(zone),
        _sonnen(zone),
        *_amber(),
        *_growatt(zone),
        *_sungrow(zone),
        *_goodwe(zone),
    ]


def _shared[T](homes: list[T], each: int) -> Iterator[list[T]]:
    """Share homes out to accounts, so many to each."""
    return (homes[at : at + each] for at in range(0, len(homes), each))


def _alphaess(zone: str) -> list[Served]:
    homes = alphaess_homes(ALPHAESS * SYSTEMS, time_zone=zone)
    found = []
    for number, own in enumerate(_shared(homes, SYSTEMS)):
        app_id = f"{APP_ID[:-2]}{number:02d}"
        account = AlphaEssAccount(app_id, APP_SECRET, {home.serial for home in own})
        found.append(
            Served(
                domain="alphaess_energy",
                simulator=AlphaEssSimulator(homes=own, accounts=[account]),
                entries=(partial(_alphaess_answers, app_id),),
            )
        )
    return found


def _alphaess_answers(app_id: str, url: str) -> Answers:
    expert = {"server_url": f"{url}/api"}
    return {"user": {"app_id": app_id, "app_secret": APP_SECRET, "expert": expert}}


def _sonnen(zone: str) -> Served:
    homes = sonnen_homes(SONNEN, time_zone=zone)
    return Served(
        domain="sonnen_energy",
        simulator=SonnenSimulator(batteries=homes),
        ports=len(homes),
        entries=tuple(partial(_sonnen_answers, home) for home in homes),
    )


def _sonnen_answers(home: SonnenHome, url: str) -> Answers:
    address = URL(url)
    return {
        "user": {
            "host": address.host,
            "port": address.port,
            "token": home.token,
            "serial": home.serial,
            "expert": {"https": False},
        }
    }


def _amber() -> list[Served]:
    # Not the first one, whose id comes again with many; some are not supplied
    sites = default_sites(3 * AMBER * SITES, now=datetime.now(UTC))[1:]
    active = [site for site in sites if site.status == "active"]
    found = []
    for number, own in enumerate(_shared(active[: AMBER * SITES], SITES)):
        token = f"{TOKEN[:-2]}{number:02d}"
        simulator = AmberSimulator(sites=own, token=token)
        simulator.retention_days = 31  # a quarter of a year takes long to import
        found.append(
            Served(
                domain="amber_energy",
                simulator=simulator,
                entries=tuple(partial(_amber_answers, token, site) for site in own),
                houses=False,
            )
        )
    return found


def _amber_answers(token: str, site: Site, url: str) -> Answers:
    return {
        "user": {"token": token, "expert": {"server_url": f"{url}/v1"}},
        "site": {"site_id": site.id, "name": f"Tariff {site.id}"},
    }


def _growatt(zone: str) -> list[Served]:
    return [
        Served(
            domain="growatt_energy",
            simulator=simulator,
            entries=(
                partial(
                    _growatt_answers,
                    {"token": simulator.account.token}
                    if number % 2
                    else {
                        "user_name": simulator.account.user_name,
                        "password": simulator.account.password,
                    },
                ),
            ),
        )
        for number, simulator in enumerate(account_per_home(GROWATT, time_zone=zone))
    ]


def _growatt_answers(credentials: dict[str, str], url: str) -> Answers:
    way = "token" if "token" in credentials else "login"
    return {
        "user": {"next_step_id": way},
        way: {**credentials, "expert": {"server_url": url}},
    }


def _sungrow(zone: str) -> list[Served]:
    homes = sungrow_homes(SUNGROW * SUNGROW_PLANTS, time_zone=zone)
    found = []
    for number, own in enumerate(_shared(homes, SUNGROW_PLANTS)):
        simulator = SungrowSimulator(homes=own)
        simulator.application.app_key = f"{simulator.app_key[:-2]}{number:02d}"
        simulator.users.owner.user_id = f"{int(simulator.user_id) + number}"
        found.append(
            Served(
                domain="sungrow_energy",
                simulator=simulator,
                entries=(partial(_sungrow_answers, simulator),),
                ports=2,
            )
        )
    return found


def _sungrow_answers(simulator: SungrowSimulator, url: str) -> Answers:
    return {
        "user": {"next_step_id": "login"},
        "login": {
            "region": simulator.region,
            "app_key": simulator.app_key,
            "secret": simulator.secret,
            "user_name": simulator.user_name,
            "password": simulator.password,
            "expert": {"server_url": url},
        },
        "plants": {"plants": [plant.id for plant in simulator.plants]},
    }


def _goodwe(zone: str) -> list[Served]:
    homes = goodwe_homes(GOODWE * GOODWE_PLANTS, time_zone=zone)
    found = []
    for number, own in enumerate(_shared(homes, GOODWE_PLANTS)):
        simulator = GoodWeSimulator(homes=own)
        simulator.session.account = f"owner{number}@example.com"
        simulator.session.uid = f"{simulator.uid[:-2]}{number:02d}"
        found.append(
            Served(
                domain="goodwe_energy",
                simulator=simulator,
                entries=(partial(_goodwe_answers, simulator),),
            )
        )
    return found


def _goodwe_answers(simulator: GoodWeSimulator, url: str) -> Answers:
    return {
        "user": {
            "account": simulator.account,
            "password": simulator.password,
            "region": "auto",
            "expert": {"server_url": url},
        },
        "plants": {"plants": [station.id for station in simulator.stations]},
        "control": {"allow_control": True},
    }


async def serve(first: int, zone: str, host: str) -> None:
    """Serve until SIGTERM or SIGINT; tell what leads to each simulator."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running: list[Simulator] = []
    try:
        for one in all_served(zone):
            await one.simulator.start(first, host)
            running.append(one.simulator)
            print(one.told(first, host), flush=True)
            first += one.ports
        print(DONE, flush=True)
        await stop.wait()
    finally:
        for simulator in running:
            await simulator.stop()


def main() -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m scripts.benchlib.scale_houses")
    parser.add_argument("--port", type=int, required=True, help="the first one")
    parser.add_argument("--time-zone", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.time_zone, options.host))
    return 0


if __name__ == "__main__":
    sys.exit(main())
