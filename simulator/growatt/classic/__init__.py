"""The side of the cloud that the phone talks to."""

from .server import Classic
from .sessions import Sessions, modified_md5

__all__ = ["Classic", "Sessions", "modified_md5"]
