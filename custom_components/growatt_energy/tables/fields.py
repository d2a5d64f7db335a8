"""What a table is made of: a value, its names on the wire in order, and its unit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ..readings import Value
from ..resolve import Kind, Wire, at, decode

type Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Name:
    """A name on the wire, ``part.name`` for one within a part of a merged record.

    ``factor`` turns its unit into that of the field (kW into W: 1000). With
    ``positive`` a zero says nothing, and the next name is asked.
    """

    path: str
    factor: float = 1.0
    positive: bool = False


def kilo(path: str) -> Name:
    """Name a value in kW."""
    return Name(path, 1000.0)


def positive(path: str) -> Name:
    """Name a value that is unknown while it is zero."""
    return Name(path, positive=True)


def minus(path: str) -> Name:
    """Name a value whose sign is the other way round."""
    return Name(path, -1.0)


@dataclass(frozen=True, slots=True)
class Field:
    """A value: its key, its names in the order of preference, and its kind."""

    key: str
    kind: Kind
    names: tuple[Name, ...]

    def read(self, wire: Wire) -> Value:
        """Return the first value that makes sense."""
        for name in self.names:
            value = decode(at(wire, name.path), self.kind, name.factor)
            if value is None or (name.positive and value == 0):
                continue
            return value
        return None


def field(key: str, kind: Kind, *names: str | Name) -> Field:
    """Make a field; without a name the wire calls it like the key."""
    return Field(
        key,
        kind,
        tuple(name if isinstance(name, Name) else Name(name) for name in names)
        or (Name(key),),
    )


def numbered(count: int, key: str, kind: Kind, *names: str | Name) -> tuple[Field, ...]:
    """Make fields 1 to ``count``; ``{n}`` stands for the number."""
    return tuple(
        field(key.format(n=n), kind, *(_at(name, n) for name in names))
        for n in range(1, count + 1)
    )


def _at(name: str | Name, n: int) -> Name:
    found = name if isinstance(name, Name) else Name(name)
    return replace(found, path=found.path.format(n=n))


def both(key: str, kind: Kind, *stems: str) -> tuple[Field, ...]:
    """Make ``<key>_today`` and ``<key>_total`` of names with either ending."""
    return tuple(
        field(
            f"{key}_{span}", kind, *(stem.format(span.capitalize()) for stem in stems)
        )
        for span in ("today", "total")
    )


type Derive = Callable[[Values], None]


def difference(key: str, plus: str, less: str) -> Derive:
    """Derive ``plus`` - ``less`` where both are known and ``key`` is not."""

    def derive(values: Values) -> None:
        first, second = values.get(plus), values.get(less)
        if (
            values.get(key) is None
            and isinstance(first, int | float)
            and isinstance(second, int | float)
        ):
            values[key] = round(first - second, 1)

    return derive


def total(key: str, *parts: str) -> Derive:
    """Derive the sum of the parts that are known, where ``key`` is not."""

    def derive(values: Values) -> None:
        known = [
            value
            for part in parts
            if isinstance(value := values.get(part), int | float)
        ]
        if values.get(key) is None and known:
            values[key] = round(sum(known), 3)

    return derive


type Batteries = Callable[[Wire, Mapping[str, Value]], tuple[int, ...]]


def no_battery(_wire: Wire, _values: Mapping[str, Value]) -> tuple[int, ...]:
    """Say that there is none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All of a family.

    ``batteries`` says which are there; values ``battery_N_*`` of others are dropped
    before ``derived`` is worked off in order. ``grid`` says that the family counts
    energies of the grid connection.
    """

    fields: tuple[Field, ...]
    derived: tuple[Derive, ...] = ()
    batteries: Batteries = no_battery
    grid: bool = False


def read(fields: Iterable[Field], wire: Wire) -> Values:
    """Return what is known; of several fields of one key the first that knows."""
    values: Values = {}
    for one in fields:
        if values.get(one.key) is None and (value := one.read(wire)) is not None:
            values[one.key] = value
    return values
