"""The client of one application: one interface over both flavours (section 2.5)."""

from typing import Self

from .._vendor.core.client.clock import Clock
from .access import Access, Credentials, Flavour
from .catalogues import Catalogues
from .faults import Faults
from .frame import Frame
from .history import History
from .parameters import Parameters
from .plants import Plants
from .realtime import Realtime


class SungrowClient(Plants, Realtime, History, Faults, Parameters, Catalogues):
    """Asks iSolarCloud; answers have the OAuth flavour's shapes and are plain JSON.

    Pages and caps are dealt with, values are as the vendor sent them. Besides what is
    named, each method raises what ``Access.ask`` raises.
    """

    def __init__(
        self, frame: Frame, credentials: Credentials, flavour: Flavour, *, clock: Clock
    ) -> None:
        """Nothing is sent."""
        self._access = Access(frame, credentials, flavour)
        self._frame, self._clock = frame, clock

    def using(self, credentials: Credentials) -> Self:
        """Return a client of the same application with other tokens."""
        return type(self)(self._frame, credentials, self.flavour, clock=self._clock)

    @property
    def flavour(self) -> Flavour:
        """Which of the two APIs is asked."""
        return self._access.flavour
