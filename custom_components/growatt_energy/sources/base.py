"""What the rest of the integration asks, whichever way the account is reached.

Everything comes back as plain JSON values in the shape that ``driver.py`` decodes, so
that it can be kept over a restart. All methods raise the errors of
``core.client.errors``; ``ThrottledError`` where a documented limit would be broken.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any, Literal, Protocol

from ..families import Family

type Raw = dict[str, Any]


class Source(Protocol):
    """The account as token or login."""

    @property
    def mode(self) -> Literal["token", "login"]:
        """Which of the two it is."""

    def set_zone(self, plant_id: str, zone: tzinfo) -> None:
        """Tell the zone of a plant, in which its days are asked for (Q28)."""

    async def plants(self, first: Mapping[str, Any] | None = None) -> list[Raw]:
        """Return the list of plants, for ``driver.plants``.

        ``first`` is the first page if somebody has just read it (Q29).
        """

    async def plant(self, plant_id: str) -> Raw:
        """Return all of section 9.1, for ``driver.plant``."""

    async def devices(self, plant_id: str) -> Raw:
        """Return devices, loggers and meters of a plant, for ``driver.devices``."""

    async def live(
        self, family: Family, serials: Sequence[str], plant_id: str
    ) -> dict[str, Raw]:
        """Return the newest record of each serial, for ``driver.live``.

        A serial of which the vendor said nothing is left out. The serial of a meter is
        ``<datalogger>_<address>``.
        """

    async def settings(self, family: Family, serial: str) -> Raw:
        """Return the settings by their read-back names, as the cloud's copy has them.

        Raises ``UnsupportedError`` for a device without (a NEO, a meter).
        """

    async def alarms(self, family: Family, serial: str, day: date) -> list[Raw]:
        """Return the alarms of a plant-local day, for ``driver.alarms``.

        Raises ``UnsupportedError`` where there is no such list.
        """

    async def wifi(self, family: Family, serial: str) -> Raw:
        """Return the signal of the device's datalogger, for ``driver.signal``.

        Raises ``UnsupportedError`` in login mode.
        """

    async def panels(self, serial: str, plant_id: str) -> Raw:
        """Return the view of a micro inverter's panels, for ``panel_wire.panels``.

        Raises ``UnsupportedError`` in token mode.
        """

    async def history(
        self, family: Family, serial: str, day: date, zone: tzinfo
    ) -> list[Raw]:
        """Return the 5-minute records of a plant-local day (section 7).

        Raises ``UnsupportedError`` where there are no records with counters.
        """

    def cadence(self, families: Collection[Family]) -> Mapping[Family, timedelta]:
        """Return how often ``live`` of each family may be asked, for these families.

        Limits hold for the account, so it depends on all that are asked beside it.
        """
