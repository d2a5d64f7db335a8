"""A disk on which a test may let any file operation fail, or be the last one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import sys
from typing import Any

OPERATIONS = {
    "open",
    "os.listdir",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.scandir",
    "shutil.copyfile",
    "shutil.rmtree",
}
type Witness = Callable[[str, tuple[Any, ...]], None]


class _Watch:
    """The one audit hook of the process: it cannot be taken away again."""

    witness: Witness | None = None
    is_there = False

    @classmethod
    def see(cls, event: str, args: tuple[Any, ...]) -> None:
        """Tell the witness of an operation on files."""
        if cls.witness is not None and event in OPERATIONS:
            cls.witness(event, args)


@contextmanager
def watched(witness: Witness) -> Iterator[None]:
    """Let someone see each file operation of this process before it happens."""
    if not _Watch.is_there:
        sys.addaudithook(_Watch.see)
        _Watch.is_there = True
    _Watch.witness = witness
    try:
        yield
    finally:
        _Watch.witness = None


class Killed(BaseException):
    """The process is gone, in the middle of it."""


class Death:
    """Ends a run before its n-th file operation: nothing works any more from then on."""

    def __init__(self, kind: str, at: int) -> None:
        """Count down operations of a kind, or all; a shorter run is not ended."""
        self.kind, self.at, self.left = kind, at, at

    def __repr__(self) -> str:
        """Say when it comes."""
        return f"Death({self.kind!r}, {self.at})"

    @property
    def came(self) -> bool:
        """Whether the run was ended."""
        return self.left < 0

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """Count an operation."""
        if self.left >= 0 and event.startswith(self.kind):
            self.left -= 1
        if self.left < 0:
            raise Killed


def is_written(event: str, args: tuple[Any, ...]) -> bool:
    """Whether an operation changes something."""
    if event == "open":
        _path, mode, flags = args
        return bool(flags & 3) if mode is None else not str(mode).startswith("r")
    return event in {"os.mkdir", "os.remove", "os.rename", "os.rmdir"}
