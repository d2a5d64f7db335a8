"""Values that SEMS+ pushes every few seconds (reference section 5)."""

from .manager import LiveManager
from .news import FlowNews

__all__ = ["FlowNews", "LiveManager"]
