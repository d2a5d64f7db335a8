"""The device that a change is for (reference sections 6.2 and 6.3)."""

from dataclasses import dataclass, field

from .hidden import Hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whose setting is changed.

    Attributes:
        station: Its station.
        sn: The serial that is written to: an inverter's.
        device_name: As the portal shows it; of a battery its ``translateCode``.
        virtual_sn: The serial of the device itself; None sends none (batteries).
    """

    station: str = field(repr=False)
    sn: str = field(repr=False)
    device_name: str
    virtual_sn: str | None = field(default=None, repr=False)

    @property
    def fields(self) -> dict[str, str]:
        """What it is in the body of a change, beside ``sn``."""
        fields = {"plantId": self.station, "deviceName": self.device_name}
        if self.virtual_sn is not None:
            fields["virtualSn"] = self.virtual_sn
        return fields

    def hide(self, hidden: Hidden) -> None:
        """Keep ids and serials out of logs."""
        hidden.station(self.station)
        hidden.device(self.sn)
        hidden.device(self.virtual_sn)
