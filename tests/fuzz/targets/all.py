"""Every target, by name."""

from tests.fuzz.targets.base import Target
from tests.fuzz.targets.where import MODULES, named

TARGETS: dict[str, Target] = {name: named(name) for names in MODULES.values() for name in names}
