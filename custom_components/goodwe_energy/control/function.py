"""One register function of a device, as its menus list it (reference section 6.2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
import json
from typing import Any, Self

from .._vendor.core.client.decode import integer, mapping, mappings, number, text

# Kinds of controls in the vendor's portal
NUMBER, RADIO, SWITCH, BUTTON, DROPDOWN = 3, 4, 8, 16, 20
_DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A register that can be read or written; ids differ from device to device.

    ``options`` are values by the vendor's translation key, ``path`` the keys of the
    menus around it, outermost first.
    """

    address: str
    id: str
    key: str
    control: int | None = None
    readable: bool = True
    writable: bool = True
    unit: str = ""
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    options: Mapping[str, float] = field(default_factory=dict)
    path: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether a number is on the wire as it is: other gains are not proven."""
        return self.gain in (None, 1.0)

    def dump(self) -> dict[str, Any]:
        """Return it as plain JSON, without its place in the menus."""
        return {
            "address": self.address,
            "id": self.id,
            "key": self.key,
            "control": self.control,
            "readable": self.readable,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "options": dict(self.options),
        }

    @classmethod
    def load(cls, raw: object) -> Self | None:
        """Return what was dumped; None if it is nothing of the kind."""
        data = mapping(raw)
        address, id_, key = (text(data.get(name)) for name in ("address", "id", "key"))
        if address is None or id_ is None or key is None:
            return None
        options = {
            str(name): value
            for name, found in mapping(data.get("options")).items()
            if (value := number(found)) is not None
        }
        return cls(
            address=address,
            id=id_,
            key=key,
            control=integer(data.get("control")),
            readable=data.get("readable") is not False,
            unit=text(data.get("unit")) or "",
            low=number(data.get("low")),
            high=number(data.get("high")),
            options=options,
        )


type Menus = Sequence[Mapping[str, Any]]


def functions_of(menus: Menus) -> list[Function]:
    """Return all functions of ``functionMenus``, in the order of the menus."""
    return list(_walk(menus, ()))


def menu_keys_of(menus: Menus) -> list[str]:
    """Return the keys of all functions with where they are: for diagnostics."""
    return sorted({"/".join((*one.path, one.key)) for one in functions_of(menus)})


def cards_of(menus: Menus) -> frozenset[str]:
    """Return the work modes that a device offers, by the vendor's ``funcKey``."""
    return frozenset(_cards(menus, 0))


def _walk(menus: object, path: tuple[str, ...]) -> Iterator[Function]:
    if len(path) > _DEEPEST:
        return
    for menu in mappings(menus):
        inside = (*path, text(menu.get("translateKey")) or "")
        for raw in mappings(menu.get("functions")):
            if (found := _function(raw, inside)) is not None:
                yield found
        yield from _walk(menu.get("children"), inside)


def _cards(menus: object, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    for menu in mappings(menus):
        name = text(menu.get("funcKey"))
        if name is not None and integer(menu.get("visible")) == 0:
            yield name
        for part in ("children", "functions"):
            yield from _cards(menu.get(part), depth + 1)


def _function(raw: Mapping[str, Any], path: tuple[str, ...]) -> Function | None:
    address, id_ = text(raw.get("address")), text(raw.get("id"))
    key = text(raw.get("translateKey"))
    if address is None or id_ is None or key is None:
        return None
    rights = (text(raw.get("rwType")) or "RW").upper()
    low, high = _range(raw.get("range"))
    return Function(
        address=address,
        id=id_,
        key=key,
        control=integer(raw.get("control")),
        readable=rights != "WO",
        writable=rights != "RO",
        unit=text(raw.get("unit")) or "",
        gain=number(raw.get("gain")),
        low=low,
        high=high,
        options=_options(raw.get("controlAttr")),
        path=path,
    )


def _range(raw: object) -> tuple[float | None, float | None]:
    """Return both ends of ``"[0,10000]"``."""
    if isinstance(raw, str):
        parts = raw.strip().strip("[]()").split(",")
    elif isinstance(raw, list):
        parts = raw
    else:
        return None, None
    if len(parts) != 2:
        return None, None
    low, high = number(parts[0]), number(parts[1])
    if low is None or high is None or low >= high:
        return None, None
    return low, high


def _options(raw: object) -> dict[str, float]:
    """Return what can be chosen; ``controlAttr`` is JSON in a text."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError, RecursionError:
            return {}
    return {
        name: value
        for option in mappings(raw)
        if (name := text(option.get("transKey"))) is not None
        and (value := number(option.get("value"))) is not None
    }
