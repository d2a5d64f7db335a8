"""What makes the tests quicker without changing what they see."""

import gc
from types import ModuleType

from pytest_homeassistant_custom_component import patch_time

# Objects that come and go between two looks of the garbage collector. By default it
# looks thousands of times in a run, and mostly finds what the next test needs too.
_OBJECTS = 50_000


def _shape(module: ModuleType) -> str:
    """Tell modules apart that got more names since time was frozen last.

    The plugin hashes every name of thousands of modules each time that time is frozen.
    """
    return f"{id(module)}-{len(module.__dict__)}"


def be_quick() -> None:
    """Do less of what nobody looks at."""
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    patch_time.ha_get_module_attributes_hash = _shape
