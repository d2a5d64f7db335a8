"""The table of each family."""

from ..families import Family
from . import inverter, meter, min as min_table, noah, sph, storage
from .common import pack
from .fields import Field, Table


def _together(*tables: Table) -> tuple[Field, ...]:
    return tuple(one for table in tables for one in table.fields)


# Of WIT and SPH-S only some names are known; they speak like SPH, MIN and storage.
HYBRID = Table(
    fields=_together(sph.SPH, min_table.TABLE),
    derived=(*sph.SPH.derived, *min_table.TABLE.derived),
    batteries=pack,
    grid=True,
)

TABLES = {
    Family.INVERTER: inverter.INVERTER,
    Family.MAX: inverter.MAX,
    Family.STORAGE: storage.TABLE,
    Family.METER: meter.TABLE,
    Family.SPH: sph.SPH,
    Family.SPA: sph.SPA,
    Family.MIN: min_table.TABLE,
    Family.NOAH: noah.TABLE,
    Family.WIT: HYBRID,
    Family.SPH_S: HYBRID,
}
