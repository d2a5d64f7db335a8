"""Who wants to know how the writes of an account end."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from .._vendor.core.client.errors import ApiError

type Listener = Callable[[str, ApiError | None], None]


class WriteWatch:
    """Tells of each write, of which device it is, and the error if it has one."""

    def __init__(self) -> None:
        """Begin with nobody who listens."""
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call after each write; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def write(self, serial: str = "") -> Generator[None]:
        """Tell how a write ends; ``serial`` is empty where it is not known."""
        try:
            yield
        except ApiError as err:
            self._tell(serial, err)
            raise
        self._tell(serial, None)

    def _tell(self, serial: str, err: ApiError | None) -> None:
        for listener in list(self._listeners):
            listener(serial, err)
