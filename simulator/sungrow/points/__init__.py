"""Measuring points: what there is of each device type, and what a house makes of it."""

from .catalogue import CATALOGUE, PointText
from .tables import TABLES, point_value

__all__ = ["CATALOGUE", "TABLES", "PointText", "point_value"]
