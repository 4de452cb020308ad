"""A sample province: invented subjects, and the files agencies would really send about them."""

from yuexin.sample.faults import Faults
from yuexin.sample.province import Delivery, Manifest, generate

__all__ = ["Delivery", "Faults", "Manifest", "generate"]
