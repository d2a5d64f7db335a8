"""Which points the counters of a plant come from (reference sections 7 and 9.1)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ._vendor.core.client.decode import mapping
from .chains import COUNTERS, Chain
from .describe import identity
from .plant import Plant
from .points import PLANT_TYPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A counter of a plant: its own (``device_type`` None), or one of a device's.

    ``owner`` is the plant's id or the device's ``ps_key``, ``point`` the point's id.
    """

    device_type: int | None
    owner: str
    point: str


def origins(plant: Plant, key: str) -> Iterator[Origin]:
    """Yield what a counter of the plant is the sum of, as its sensor has it.

    As long as that is not known it is the plant's own point.
    """
    source = mapping(plant.memory.get(key)).get("from")
    name, _, of_type = str(source or key).partition("@")
    chain = COUNTERS.get(key, Chain())
    types = next(
        (
            types
            for of, types in chain.devices
            if of == name and str(types[0]) == of_type
        ),
        None,
    )
    if types is None:
        # Another version may have had other sources
        own = name if not of_type and name in chain.own else key
        point = identity(PLANT_TYPE, own)
        yield Origin(device_type=None, owner=plant.id, point=point)
        return
    for device in plant.devices:
        if device.type in types:
            point = identity(device.type, name)
            yield Origin(device_type=device.type, owner=device.ps_key, point=point)


def by_type(
    found: Iterable[tuple[str, Origin]],
) -> dict[int | None, list[tuple[str, Origin]]]:
    """Group the origins of series by what one request may ask for."""
    groups: dict[int | None, list[tuple[str, Origin]]] = {}
    for series, origin in found:
        groups.setdefault(origin.device_type, []).append((series, origin))
    return groups
