"""The simulators' own interface: what the houses do, and the truth about them."""

from typing import Any

from aiohttp import ClientSession, ClientTimeout


class Simulator:
    """Sets the simulated houses and asks for their truth."""

    def __init__(self, url: str, session: ClientSession) -> None:
        """Uses a session without Home Assistant's token in its headers."""
        self._url = f"{url}/_sim"
        self._session = session

    async def house(self, serial: str, **values: float | bool | None) -> None:
        """Overrides pv (W), load (W), soc (%), grid; None gives it back to nature."""
        async with self._session.post(
            f"{self._url}/house", json={"home": serial, **values}
        ) as response:
            response.raise_for_status()

    async def truth(self, serial: str, date: str | None = None) -> Any:
        """Returns what a house does now or, with a date, the energy of that day."""
        params = {"home": serial} | ({"date": date} if date else {})
        async with self._session.get(f"{self._url}/truth", params=params) as response:
            response.raise_for_status()
            return await response.json()


def simulator_session() -> ClientSession:
    """Returns a session for the simulators."""
    return ClientSession(timeout=ClientTimeout(total=20))
