"""Downloads: what is read of them, invented for them, and moved in time."""

import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import sys
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from simulator.__main__ import main
from simulator.clock import ManualClock
from simulator.replay import Mover, RecordingError, invented, load
from simulator.replay.play import play

BERLIN = ZoneInfo("Europe/Berlin")
RECORDED = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
STATUS = {
    "USOC": 68,
    "RSOC": 70,
    "Pac_total_W": 1200,
    "Production_W": 400,
    "Consumption_W": 1600,
    "GridFeedIn_W": 0,
    "OperatingMode": "2",
    "Timestamp": "2026-05-12 12:00:00",
}


def file_of(**data: Any) -> dict[str, Any]:
    """Return a download of a sonnenBatterie."""
    document = {"received_at": RECORDED.isoformat(), "raw": STATUS}
    return {
        "home_assistant": {"timezone": "Europe/Berlin"},
        "integration_manifest": {"domain": "sonnen_energy"},
        "data": {
            "now": RECORDED.isoformat(),
            "missing_endpoints": ["io"],
            "documents": {"**battery**/live": document},
            **data,
        },
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A download that can be played back."""
    path = tmp_path / "config_entry.json"
    path.write_text(json.dumps(file_of()), encoding="utf-8")
    return path


# Pseudonyms


def test_a_pseudonym_is_the_same_value_everywhere() -> None:
    found = invented(
        {"**system 1**": ["**system 2**", "of **system 1**_x", 5, None]},
        {"system": "AL{:03d}".format},
    )
    assert found == {"AL001": ["AL002", "of AL001_x", 5, None]}


def test_a_kind_is_what_is_left_without_numbers() -> None:
    forms = {"charger of system": "C{}".format}
    found = invented(["**charger 2 of system 1**", "**charger 2 of system 3**"], forms)
    assert found == ["C1", "C2"]


def test_what_has_no_form_becomes_a_text() -> None:
    assert invented("**user id**", {}) == "User Id"


# Times


@pytest.mark.parametrize(
    ("recorded", "moved"),
    [
        ("2026-05-12 12:00:00", "2026-05-13 15:30:00"),
        ("2026-05-12T12:00", "2026-05-13T15:30"),
        ("2026-05-12T12:00:00.250", "2026-05-13T15:30:00.250"),
        ("2026-05-12T10:00:00Z", "2026-05-13T13:30:00Z"),
        ("2026-05-12T20:00:00+10:00", "2026-05-13T23:30:00+10:00"),
        ("20260512120000", "20260513153000"),
        ("2026-05-12", "2026-05-13"),
        ("2026-05-11", "2026-05-12"),
        (1_778_580_000_000, 1_778_679_000_000),
        # No moments of the recording, or no times at all
        ("2023-08-08 17:28:00", "2023-08-08 17:28:00"),
        ("2023-08-08", "2023-08-08"),
        ("2026-05-32", "2026-05-32"),
        ("20269912120000", "20269912120000"),
        ("08:00", "08:00"),
        (20_260_512, 20_260_512),
        (10**15, 10**15),
        (True, True),
    ],
)
def test_times_are_moved(recorded: object, moved: object) -> None:
    clock = ManualClock(RECORDED + timedelta(days=1, hours=3, minutes=30))
    mover = Mover(RECORDED, clock, BERLIN)
    assert mover.document({"a": [recorded]}) == {"a": [moved]}


def test_local_times_know_of_winter() -> None:
    """Else what was just measured would be an hour ahead."""
    clock = ManualClock(RECORDED + timedelta(days=200))
    mover = Mover(RECORDED, clock, BERLIN)
    assert mover.document("2026-05-12 12:00:00") == "2026-11-28 11:00:00"


def test_time_goes_on() -> None:
    clock = ManualClock(RECORDED)
    mover = Mover(RECORDED, clock, BERLIN)
    assert mover.document("2026-05-12 12:00:00") == "2026-05-12 12:00:00"
    clock.advance(61)
    assert mover.document("2026-05-12 12:00:00") == "2026-05-12 12:01:01"


# Files


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is no JSON, or not all of it: .* in line 1"),
        ("{}\n{}", "is no JSON, or not all of it: Extra data in line 2"),
        ("\0\u20ac", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "no diagnostics download"),
        ('{"data": {}}', "no diagnostics download"),
        (json.dumps([file_of(), file_of()]), "no diagnostics download"),
        (json.dumps(file_of(now=None)), "no diagnostics download"),
        (json.dumps(file_of()["data"]), "no diagnostics download"),
        (json.dumps({**file_of(), "data": {"entry": {"damaged": True}}}), "set up"),
        (json.dumps(file_of(documents={})), "nothing had been read"),
        (json.dumps(file_of(documents={"live": {"raw": {}}})), "when live was"),
        (
            json.dumps(file_of(documents={"a": {"raw": 1, "received_at": "soon"}})),
            "does not say when a was received",
        ),
        (json.dumps(file_of(time_zone="Mars/Olympus")), "unknown time zone"),
    ],
)
def test_what_cannot_be_played(path: Path, content: str, reason: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RecordingError, match=reason):
        load(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        load(tmp_path / "none.json")
    with pytest.raises(RecordingError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_a_mark_of_an_editor_does_not_matter(path: Path) -> None:
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(path).domain == "sonnen_energy"


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("sun", "is of sun; played are alphaess_energy, "),
        (["sun"], "is of .*sun.*; played are"),
        ("sungrow_energy", "no list of plants"),
        ("alphaess_energy", "no list of systems"),
        ("amber_energy", "no list of sites"),
        ("goodwe_energy", "no list of stations"),
    ],
)
def test_too_little_was_recorded(path: Path, domain: Any, reason: str) -> None:
    content = file_of() | {"integration_manifest": {"domain": domain}}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RecordingError, match=reason):
        play(load(path))


def test_a_damaged_document_is_told(path: Path) -> None:
    documents = {"sites": {"received_at": RECORDED.isoformat(), "raw": [{"x": 1}]}}
    content = file_of(documents=documents)
    content["integration_manifest"] = {"domain": "alphaess_energy"}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RecordingError, match="lacks what is needed: KeyError"):
        play(load(path))


# The program


def test_vendors_or_a_file(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sonnen", "--from", str(path)])
    assert "name vendors, or a file" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, "{", "{}", json.dumps(file_of(now=5))])
def test_a_bad_file_is_an_error(
    path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """It is told in one line, and why."""
    path.unlink()
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["--from", str(path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"simulator: {path} ")
    assert told.err.count("\n") == 1


@pytest.mark.slow
async def test_serve_a_file(
    socket_enabled: None, session: aiohttp.ClientSession, path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--from", str(path)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
        name, url, *told = line.split()
        assert name == "sonnen"
        headers = {"Auth-Token": dict(it.split("=") for it in told)["Token"]}
        async with session.get(f"{url}/api/v2/status") as response:
            status = await response.json()
        assert status.pop("Timestamp") > STATUS["Timestamp"]
        assert status.items() <= STATUS.items()
        path_of_io = f"{url}/api/v2/io"
        async with session.get(path_of_io, headers=headers) as response:
            assert response.status == 404
    finally:
        process.kill()
        await process.wait()
