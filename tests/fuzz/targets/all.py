"""Every target, by name."""

from tests.fuzz.targets import backups, chat, language, papers, web
from tests.fuzz.targets.base import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        *language.TARGETS,
        *chat.TARGETS,
        *papers.TARGETS,
        *backups.TARGETS,
        *web.TARGETS,
    )
}
