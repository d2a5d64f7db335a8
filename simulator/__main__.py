"""Serve simulators: `python -m simulator VENDOR...` or `--from FILE`."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
import signal
import sys
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .alphaess import AlphaEssSimulator
from .amber import AmberSimulator
from .goodwe import GoodWeSimulator
from .growatt import GrowattSimulator, account_per_home
from .replay import RecordingError, load
from .replay.play import play
from .server import Simulator
from .sonnen import SonnenSimulator
from .sungrow import SungrowSimulator

type Factory = Callable[[argparse.Namespace], Sequence[Simulator]]

VENDORS: dict[str, Factory] = {
    AlphaEssSimulator.name: lambda options: [
        AlphaEssSimulator(
            homes=options.homes, seed=options.seed, time_zone=options.time_zone
        )
    ],
    AmberSimulator.name: lambda options: [
        AmberSimulator(sites=options.homes, seed=options.seed)
    ],
    GoodWeSimulator.name: lambda options: [
        GoodWeSimulator(
            homes=options.homes, seed=options.seed, time_zone=options.time_zone
        )
    ],
    GrowattSimulator.name: lambda options: account_per_home(
        options.homes, seed=options.seed, time_zone=options.time_zone
    ),
    SonnenSimulator.name: lambda options: [
        SonnenSimulator(
            batteries=options.homes, seed=options.seed, time_zone=options.time_zone
        )
    ],
    SungrowSimulator.name: lambda options: [
        SungrowSimulator(
            homes=options.homes, seed=options.seed, time_zone=options.time_zone
        )
    ],
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if bool(options.vendor) == bool(options.files):
        parser.error("name vendors, or a file with --from")
    try:
        asyncio.run(_serve(_made(options), options))
    except (OSError, RecordingError) as err:
        print("simulator:", *str(err).split(), file=sys.stderr, flush=True)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="Serve simulated homes over the protocols of their vendors.",
    )
    parser.add_argument("vendor", nargs="*", type=_vendor, help="whose protocol")
    parser.add_argument(
        "--from",
        dest="files",
        action="append",
        type=Path,
        metavar="FILE",
        help="answer what a diagnostics download of Home Assistant has recorded; "
        "once for each file",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="port of the first vendor, the others follow (default: free ones)",
    )
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s")
    parser.add_argument(
        "--seed", type=int, default=1, help="weather and habits (default: 1)"
    )
    parser.add_argument(
        "--time-zone",
        type=_time_zone,
        default="Europe/Berlin",
        metavar="ZONE",
        help="of the homes (default: %(default)s)",
    )
    parser.add_argument(
        "--homes", type=_positive, default=2, help="homes per vendor (default: 2)"
    )
    return parser


def _vendor(text: str) -> str:
    # Choices would refuse that there is none
    if text not in VENDORS:
        raise argparse.ArgumentTypeError(f"one of {', '.join(VENDORS)}")
    return text


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise argparse.ArgumentTypeError(f"unknown time zone: {text}") from err


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return int(text)


def _made(options: argparse.Namespace) -> list[Simulator]:
    """Return all that is to be served; raises RecordingError."""
    if options.files:
        return [_played(file) for file in options.files]
    return [
        simulator
        for vendor in dict.fromkeys(options.vendor)
        for simulator in VENDORS[vendor](options)
    ]


def _played(file: Path) -> Simulator:
    try:
        return play(load(file))
    except RecordingError as err:
        raise RecordingError(f"{file} {err}") from err


async def _serve(simulators: Sequence[Simulator], options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    running: list[Simulator] = []
    try:
        port = options.port
        for simulator in simulators:
            await simulator.start(port, options.host)
            running.append(simulator)
            for url, typed_in in simulator.doors:
                told = " ".join(f"{key}={it}" for key, it in typed_in.items())
                print(f"{simulator.name} {url} {told}", flush=True)
                port = port and port + 1
        await stop.wait()
    finally:
        for simulator in running:
            await simulator.stop()


if __name__ == "__main__":
    raise SystemExit(main())
