"""A token's access to the account: V1 and v4 (reference sections 3.A to 3.E)."""

from .v1_devices import V1Devices
from .v1_plants import V1Plants
from .v4 import V4


class TokenClient(V1Plants, V1Devices, V4):
    """All endpoints of one token at one host; see ``TokenHttp`` for how they are sent.

    A family is named by its ``Family`` value. What the vendor leaves out is missing.
    """
