"""What a plant and its devices are built from."""

from dataclasses import dataclass, field

from ..spec import HouseSpec

INVERTER, COMBINER, METEO, METER, LOGGER = 1, 4, 5, 7, 9
PLANT, HYBRID, MODULE, EMS, PCS = 11, 14, 22, 26, 37
BATTERY, RACK, LOCAL, CHARGER, CONTROLLER, MICRO = 43, 44, 45, 51, 52, 55


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSpec:
    """One device as it is built."""

    type: int
    """`device_type` (8.4)."""
    uuid: int
    sn: str
    name: str
    model: str
    code: int = 1
    channel: int = 1
    model_id: int = 0
    rated_w: float = 0.0
    share: float = 1.0
    """Its part of the plant's sun (inverters) or battery (batteries)."""
    modules: int = 0
    """Of a battery."""
    firmware: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One plant; `spec` is its physics."""

    kind: str
    name: str
    ps_id: int
    spec: HouseSpec
    devices: tuple[DeviceSpec, ...] = field(default=())
    ps_type: int = 5
    connect_type: int = 2
    location: str = "Musterweg 1, Bonn"
    currency: str = "EUR"
    import_price: float = 0.32
    export_price: float = 0.08

    def of(self, *types: int) -> tuple[DeviceSpec, ...]:
        """Return its devices of some types."""
        return tuple(device for device in self.devices if device.type in types)

    @property
    def has_battery(self) -> bool:
        """Whether there is a battery."""
        return self.spec.battery_capacity_wh > 0

    @property
    def has_meter(self) -> bool:
        """Whether anybody knows what flows to and from the grid."""
        return bool(self.of(METER))

    @property
    def has_ems(self) -> bool:
        """Whether the plant points of energy management have values."""
        return bool(self.of(EMS))
