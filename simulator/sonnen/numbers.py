"""Numbers as the device sends them."""

from datetime import datetime
import struct


def float32(value: float) -> float:
    """Return a number with the noise of single precision (`49.98400115966797`)."""
    (noisy,) = struct.unpack("f", struct.pack("f", value))
    return float(noisy)


def stamp(local: datetime) -> str:
    """Return a local time without its zone (3.1)."""
    return local.strftime("%Y-%m-%d %H:%M:%S")


def asctime(local: datetime) -> str:
    """Return a local time as C writes it, in English (3.2)."""
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ]
    return (
        f"{days[local.weekday()]} {months[local.month - 1]} {local.day} "
        f"{local:%H:%M:%S} {local.year}"
    )
