"""What the cloud calls the families of devices (growatt.md 3.A, 3.D and 3.E)."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """A family; the value is the `deviceType` of v4."""

    INVERTER = "inv"
    STORAGE = "storage"
    MAX = "max"
    SPH = "sph"
    SPA = "spa"
    MIN = "min"
    WIT = "wit"
    SPH_S = "sph-s"
    NOAH = "noah"
    PCS = "pcs"
    """Stands for all that cannot be served (types 8 to 11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How one family is called."""

    type: int | None
    """Of `device/list`; None is not in that list."""
    group: str | None
    """Middle part of its V1 paths, as in `device/tlx/tlx_last_data`."""
    short: str | None
    """Of its V1 names: `tlx_sn`, `tlxs_data`."""
    classic: str | None
    """`deviceType` of the classic lists."""
    check: int
    """`deviceType` of `device/check/sn`."""


FACTS: dict[Family, Facts] = {
    Family.INVERTER: Facts(
        type=1, group="inverter", short="inv", classic="inverter", check=16
    ),
    Family.STORAGE: Facts(
        type=2, group="storage", short="storage", classic="storage", check=96
    ),
    Family.MAX: Facts(type=4, group="max", short="max", classic="max", check=18),
    Family.SPH: Facts(type=5, group="mix", short="mix", classic="mix", check=17),
    Family.SPA: Facts(type=6, group="spa", short="spa", classic="spa", check=19),
    Family.MIN: Facts(type=7, group="tlx", short="tlx", classic="tlx", check=22),
    Family.WIT: Facts(type=None, group=None, short=None, classic=None, check=218),
    Family.SPH_S: Facts(type=None, group=None, short=None, classic=None, check=260),
    Family.NOAH: Facts(type=None, group=None, short=None, classic=None, check=1000),
    Family.PCS: Facts(type=8, group="pcs", short="pcs", classic="pcs", check=81),
}
