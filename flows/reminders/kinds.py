"""The kinds of pushes in people's words: 开课提醒, 材料提醒, 群发通知."""

import re
from collections.abc import Mapping

from flows.say import Say
from storage.kinds import ReminderKind as K

GROUPS: Mapping[str, tuple[K, ...]] = {
    "session": (K.SESSION, K.SESSION_SOON, K.ATTENDANCE),
    "documents": (K.DOCUMENTS,),
    "window": (K.WINDOW,),
    "publication": (K.PUBLICATION,),
    "decision": (K.DECISION,),
    "place": (K.PLACE,),
    "campaign": (K.CAMPAIGN,),
}
"""Named together, switched together; the names are keys under `reminders.group`."""

_NAMED = {
    "session": re.compile("开课|上课|课程|培训|夜校|班的"),
    "documents": re.compile("材料|交东西|证明"),
    "window": re.compile("申请(?:的)?(?:时间|日子|开始|截止)|窗口|开始申请|截止|什么时候申请"),
    "publication": re.compile("公示"),
    "decision": re.compile("结果|认定"),
    "place": re.compile("名额|排队|空位|候补"),
    "campaign": re.compile("群发|大家都|宣传|广告|通知大家"),
}


def named_in(text: str) -> tuple[str, ...]:
    """The groups that the words name."""
    return tuple(group for group, words in _NAMED.items() if words.search(text))


def kinds_of(groups: tuple[str, ...]) -> tuple[K, ...]:
    """All kinds of these groups."""
    return tuple(kind for group in groups for kind in GROUPS.get(group, ()))


def group_of(kind: K) -> str | None:
    """The group that a push belongs to; None for one's own reminders."""
    return next((group for group, kinds in GROUPS.items() if kind in kinds), None)


def names(groups: tuple[str, ...]) -> tuple[Say, ...]:
    """What the groups are called."""
    return tuple(Say(f"reminders.group.{group}") for group in groups)
