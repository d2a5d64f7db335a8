"""Which simulator plays which recording."""

from collections.abc import Callable

from ..alphaess.replay import replayed as alphaess
from ..amber.replay import replayed as amber
from ..clock import Clock, system_clock
from ..goodwe.replay import replayed as goodwe
from ..growatt.replay import replayed as growatt
from ..server import Simulator
from ..sonnen.replay import replayed as sonnen
from ..sungrow.replay import replayed as sungrow
from .recording import Recording, RecordingError

PLAYERS: dict[str, Callable[[Recording, Clock], Simulator]] = {
    "alphaess_energy": alphaess,
    "amber_energy": amber,
    "goodwe_energy": goodwe,
    "growatt_energy": growatt,
    "sonnen_energy": sonnen,
    "sungrow_energy": sungrow,
}


def play(recording: Recording, clock: Clock = system_clock) -> Simulator:
    """Return the vendor's simulator, which answers what was recorded.

    Raises `RecordingError`.
    """
    if (player := PLAYERS.get(recording.domain)) is None:
        raise RecordingError(
            f"is of {recording.domain}; played are {', '.join(PLAYERS)}"
        )
    try:
        return player(recording, clock)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as err:
        raise RecordingError(
            f"lacks what is needed: {type(err).__name__}: {err}"
        ) from err
