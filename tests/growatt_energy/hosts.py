"""The vendor's table of hosts, with those of the simulator in it."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import urlsplit

from custom_components.growatt_energy.api import hosts
from simulator.growatt import GrowattSimulator


@contextmanager
def simulated_hosts(sim: GrowattSimulator) -> Generator[None]:
    """Have each regional host be the simulator's; those that it lacks are missing."""
    known = {host.key: host for host in hosts.HOSTS}
    table = tuple(
        hosts.Host(
            key=key,
            url=url,
            old=(*known[key].old, urlsplit(known[key].url).netloc),
        )
        for key, url in sim.urls.items()
    )
    with patch.object(hosts, "HOSTS", table):
        yield
