"""Every target, by name."""

from tests.fuzz.targets import backups, chat, content, language, papers, tables, web
from tests.fuzz.targets.base import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (language, chat, papers, tables, content, backups, web)
    for target in module.TARGETS
}
