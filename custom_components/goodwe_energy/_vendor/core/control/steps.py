"""Requests in an order that is safe whichever way they go."""

from collections.abc import Iterable, Iterator, Sequence
from typing import overload, override

from .driver import Step


class Steps(Sequence[Step]):
    """Requests with an order of their own for the way back.

    Reversed, as a force is ended, they are not what a sequence would be: a device can
    need the same thing first both ways, such as what keeps a battery still.
    """

    def __init__(self, begin: Iterable[Step], end: Iterable[Step]) -> None:
        """Take the same requests as a force begins, and as it ends."""
        self._begin, self._end = tuple(begin), tuple(end)

    @override
    def __len__(self) -> int:
        return len(self._begin)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...

    @override
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._begin[index]

    @override
    def __reversed__(self) -> Iterator[Step]:
        return iter(self._end)
