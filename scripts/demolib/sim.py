"""The simulators' own interface: what the houses do, and the truth about them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from .folder import Demo
from .vendor import Door, HomeVendor, Vendor
from .vendors import HOME_VENDORS, PRICE_VENDORS, entries_with_ports, ports


class Simulator:
    """Sets the simulated houses of one vendor and asks for their truth."""

    def __init__(
        self,
        url: str,
        vendor: str,
        session: ClientSession,
        *,
        unit: str = "system",
        doors: Mapping[str, tuple[str, Door]] | None = None,
    ) -> None:
        """Uses a session without Home Assistant's token in its headers.

        A unit is what has a serial; doors say at which URL, and by what names, a serial
        is asked for where that is not this URL and the serial.
        """
        self._url = url
        self._vendor = vendor
        self._session = session
        self._unit = unit
        self._doors = dict(doors or {})

    async def house(self, serial: str, **values: float | bool | None) -> None:
        """Overrides pv (W), load (W), soc (%), grid; None gives it back to nature."""
        name = self._house(serial)
        await self._ask("POST", "/house", serial, body={"home": name, **values})

    async def now(self, serial: str) -> Any:
        """Returns what a house does: powers in W, + imports, + discharges."""
        name = self._house(serial)
        return (await self._ask("GET", "/house", serial, home=name))[name]["state"]

    async def truth(self, serial: str, date: str | None = None) -> Any:
        """Returns what a house does now or, with a date, the energy of that day."""
        name = self._house(serial)
        params = {"home": name} | ({"date": date} if date else {})
        return (await self._ask("GET", "/truth", serial, **params))[name]

    async def system(self, serial: str) -> Any:
        """Returns the vendor's page about a system: its switches and its settings."""
        page = await self._ask("GET", f"/{self._vendor}", serial)
        return page[f"{self._unit}s"][serial]

    async def switch(self, serial: str, switches: Mapping[str, Any]) -> None:
        """Sets the vendor's switches of a system."""
        body = {self._unit: serial, **switches}
        await self._ask("POST", f"/{self._vendor}", serial, body=body)

    async def app(self, serial: str, settings: Mapping[str, str]) -> None:
        """Changes settings as a person does in the vendor's app."""
        await self._ask(
            "POST",
            f"/{self._vendor}/app",
            serial,
            body={self._unit: serial, **settings},
        )

    async def reset(self, serial: str, *, silent: float, booting: float) -> None:
        """Restarts a system as it does each night; so many s it does not answer.

        For some more it answers with the values of a start.
        """
        body = {"minutes": silent / 60, "boot_minutes": booting / 60}
        await self._ask(
            "POST",
            f"/{self._vendor}/reset",
            serial,
            body={self._unit: serial, **body},
        )

    async def delay_next(self, serial: str, endpoint: str, seconds: float) -> int:
        """Holds up the next request to an endpoint (glob); returns the fault's number."""
        fault = await self._ask(
            "POST",
            "/faults",
            serial,
            body={
                "kind": "delay",
                "system": self._system(serial),
                "endpoint": endpoint,
                "seconds": seconds,
                "count": 1,
            },
        )
        return int(fault["number"])

    async def faults(self, serial: str) -> set[int]:
        """Returns the numbers of the faults that still wait for a request."""
        found = await self._ask("GET", "/faults", serial)
        return {fault["number"] for fault in found}

    async def remove_fault(self, serial: str, number: int) -> None:
        """Takes a fault away that still waits."""
        await self._ask("DELETE", "/faults", serial, number=str(number))

    async def set(self, switches: Mapping[str, Any]) -> None:
        """Sets switches of the vendor itself."""
        await self._ask("POST", f"/{self._vendor}", body=switches)

    def _house(self, serial: str) -> str:
        return self._doors[serial][1].house if serial in self._doors else serial

    def _system(self, serial: str) -> str:
        named = self._doors[serial][1].system if serial in self._doors else ""
        return named or serial

    async def _ask(
        self,
        method: str,
        path: str,
        serial: str = "",
        *,
        body: Any = None,
        **params: str,
    ) -> Any:
        url = self._doors[serial][0] if serial in self._doors else self._url
        async with self._session.request(
            method, f"{url}/_sim{path}", json=body, params=params
        ) as response:
            response.raise_for_status()
            return await response.json()


class PriceSimulator(Simulator):
    """Makes the prices of one vendor's sites and asks for their truth."""

    async def price(self, site_id: str) -> Any:
        """Returns the running interval as it ends up, and what a client gets now."""
        return await self._ask("GET", f"/{self._vendor}/price", system=site_id)

    async def force_price(
        self, region: str, start: datetime, end: datetime, spot: float
    ) -> None:
        """Sets a region's wholesale price (c/kWh)."""
        body = {"start": start.isoformat(), "end": end.isoformat(), "spot": spot}
        await self._ask(
            "POST", f"/{self._vendor}/price", body={**body, "regions": [region]}
        )

    async def release_prices(self) -> None:
        """Gives the prices back to the market."""
        await self._ask("DELETE", f"/{self._vendor}/price")

    async def used(self, site_id: str, start: date, end: date) -> Any:
        """Returns the final energy and money (cents) of some days, by register."""
        days = {"start": start.isoformat(), "end": end.isoformat()}
        return await self._ask("GET", f"/{self._vendor}/truth", system=site_id, **days)

    async def page(self) -> Any:
        """Returns the vendor's page: its switches, what it refused, its sites."""
        return await self._ask("GET", f"/{self._vendor}")

    async def requests(self, site_id: str) -> list[Any]:
        """Returns all requests about a site, oldest first: at, endpoint, and more."""
        counted = await self._ask("GET", "/counters", system=site_id)
        found: list[Any] = counted["requests"]
        return found


def simulator_session() -> ClientSession:
    """Returns a session for the simulators."""
    return ClientSession(timeout=ClientTimeout(total=20))


def simulators(demo: Demo, session: ClientSession) -> dict[str, Simulator]:
    """Returns the simulators of all vendors of homes by their domain."""
    return {
        vendor.domain: Simulator(
            demo.simulator_url(ports(vendor)[0]),
            vendor.simulator,
            session,
            unit=vendor.unit,
            doors={
                serial: (demo.simulator_url(ports(vendor)[door.place]), door)
                for serial, door in vendor.doors.items()
            },
        )
        for vendor in HOME_VENDORS
    }


def price_simulators(demo: Demo, session: ClientSession) -> dict[str, PriceSimulator]:
    """Returns the simulators of all vendors of prices by their domain."""
    return {
        vendor.domain: PriceSimulator(
            demo.simulator_url(ports(vendor)[0]), vendor.simulator, session
        )
        for vendor in PRICE_VENDORS
    }


async def prepare_simulator(demo: Demo, vendor: Vendor) -> None:
    """Has a vendor's simulator be as the demo begins with it, for all entries."""
    places = {place for place, _ in entries_with_ports(vendor)}
    async with simulator_session() as session:
        for place in places if vendor.switches else ():
            url = demo.simulator_url(place)
            await Simulator(url, vendor.simulator, session).set(vendor.switches)
        if not isinstance(vendor, HomeVendor):
            return
        houses = simulators(demo, session)[vendor.domain]
        for serial in vendor.doors:
            if vendor.unit_switches:
                await houses.switch(serial, vendor.unit_switches)
            if vendor.soc is not None:
                await houses.house(serial, soc=vendor.soc)
