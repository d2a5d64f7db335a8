"""The energies of a plant's life, which are read year by year (section 3.10)."""

from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import mapping
from ._vendor.core.ha.account import Account
from .plant_answers import Lifetime
from .plant_totals import learn_year, lifetime, years_to_ask
from .source import PlantSource

if TYPE_CHECKING:
    from .plant import Plant


class Years:
    """Reads the years of a plant; the account remembers them."""

    def __init__(self, plant: Plant, source: PlantSource, account: Account) -> None:
        """Nothing is sent."""
        self._plant, self._source, self._account = plant, source, account
        self._note = f"{plant.key}/years"

    async def fetch(self) -> Any:
        """Ask for the years that are to be asked for; each is learnt by itself."""
        account, plant = self._account, self._plant
        now = dt_util.now(plant.zone)
        for year in years_to_ask(
            mapping(account.notes.get(self._note)), plant.entry.created, now
        ):
            raw = await self._source.year(year)
            if not isinstance(raw.get("dataList"), list):
                # Success that says nothing is no year without energies (section 4)
                continue
            memory = deepcopy(dict(mapping(account.notes.get(self._note))))
            learn_year(memory, year, driver.statistics(raw, dt_util.utcnow()), now)
            account.note(self._note, memory)
        return {"years": mapping(account.notes.get(self._note))}

    def decode(self, raw: Any, received_at: datetime) -> Lifetime:
        """Return the sums as far as they are complete."""
        plant = self._plant
        years = mapping(mapping(raw).get("years"))
        return Lifetime(
            observed_at=received_at,
            kwh=lifetime(
                years, plant.entry.created, received_at.astimezone(plant.zone)
            ),
        )
