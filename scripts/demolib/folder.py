"""The folder of a demo: where it is, what it remembers, when its day is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
import fcntl
import json
from pathlib import Path
import socket
from typing import Self
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
MEMORY = "demo.json"
NOON = 11  # the hour in which a new demo begins; six more hours of sun follow


class DemoError(Exception):
    """Something that ends the demo; its text is for the user."""


def zone_where_it_is_noon(now: datetime) -> str:
    """Returns the zone Etc/GMT±n whose clock shows 11:xx at an aware time.

    The names have the sign of POSIX: Etc/GMT-10 is ten hours ahead of UTC.
    """
    offset = NOON - int(now.astimezone(ZoneInfo("UTC")).hour)
    if offset < -12:
        offset += 24
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


@dataclass(kw_only=True)
class Demo:
    """What a demo's folder remembers between two starts.

    The time zone belongs to the data: a house whose sun suddenly stood elsewhere
    would contradict its own statistics. So a demo begins shortly before noon, and
    one that is started again later finds the time of day that it has become.
    """

    folder: Path
    zone: str
    seed: int = 1
    port: int = 0
    simulator_port: int = 0
    token: str = ""
    set_up: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Reads the folder's memory, or begins a new demo there."""
        path = folder / MEMORY
        if not path.exists():
            return cls(
                folder=folder, zone=zone_where_it_is_noon(datetime.now().astimezone())
            )
        known = {one.name for one in fields(cls)}
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            return cls(folder=folder, **{k: v for k, v in stored.items() if k in known})
        except (ValueError, TypeError) as err:
            raise DemoError(f"{path} is damaged; --fresh begins anew") from err

    def save(self) -> None:
        """Writes the memory; it holds a token of the demo, so only the user reads it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        content = asdict(self)
        del content["folder"]
        path = self.folder / MEMORY
        path.touch(mode=0o600)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")

    @property
    def is_new(self) -> bool:
        """Whether Home Assistant has never been prepared here."""
        return not self.token

    @property
    def config(self) -> Path:
        """Home Assistant's configuration folder."""
        return self.folder / "config"

    @property
    def url(self) -> str:
        """Where Home Assistant is."""
        return f"http://{HOST}:{self.port}"

    def simulator_url(self, place: int) -> str:
        """Where the simulator at a place (from 0) among all their ports is."""
        return f"http://{HOST}:{self.simulator_port + place}"

    def local_time(self) -> datetime:
        """Returns what the clock in the demo's house shows."""
        return datetime.now(ZoneInfo(self.zone))

    def sun_is_up(self, *, ahead: timedelta = timedelta()) -> bool:
        """Whether it is (or will be, after a while) between 07:00 and 17:00."""
        return 7 <= (self.local_time() + ahead).hour < 17


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder for one demo; DemoError if another one runs in it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            raise DemoError(f"a demo is already running in {folder}") from err
        yield


def port_is_free(port: int) -> bool:
    """Whether a server could listen on a port of this machine."""
    with socket.socket() as probe:
        # as the servers do: a port in TIME_WAIT after the last demo is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    # somebody may listen on every address, which binding does not always show
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) != 0


def free_port(wanted: int, count: int = 1) -> int:
    """Returns the first of so many free ports in a row, from the wanted one on.

    With 0 any will do. Raises DemoError when there are none among the next 100.
    """
    first = wanted
    if not first:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            first = int(probe.getsockname()[1])
    for port in range(first, min(first + 100, 65536 - count)):
        if all(port_is_free(port + place) for place in range(count)):
            return port
    raise DemoError(f"no free port from {first} on")
