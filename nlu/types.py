"""What understanding a sentence yields: the vocabulary shared by NLU and flows.

Standard library only, because flows may import this module and nothing else of `nlu`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class BadContent(ValueError):
    """A file that colleagues edit cannot be used; each sentence says which, where and why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Intent(StrEnum):
    """What a person wants; the names are public interface."""

    APPLY_AID = "apply_aid"
    REPORT_DROPOUT = "report_dropout"
    FIND_TRAINING = "find_training"
    CHECK_STATUS = "check_status"
    ASK_POLICY = "ask_policy"
    TALK_TO_HUMAN = "talk_to_human"
    COMPLAIN = "complain"
    REPORT_EMERGENCY = "report_emergency"
    UPDATE_CASE = "update_case"
    REPORT_RETURN = "report_return"
    SUBMIT_DOCUMENT = "submit_document"
    WITHDRAW_APPLICATION = "withdraw_application"
    CANCEL_REGISTRATION = "cancel_registration"
    SET_REMINDER = "set_reminder"
    STOP_REMINDERS = "stop_reminders"
    START_REMINDERS = "start_reminders"
    DELETE_MY_DATA = "delete_my_data"
    SWITCH_LANGUAGE = "switch_language"
    AFFIRM = "affirm"
    DENY = "deny"
    GREET = "greet"
    THANK = "thank"
    GOODBYE = "goodbye"
    HELP = "help"
    CANCEL = "cancel"
    CORRECT = "correct"
    OUT_OF_SCOPE = "out_of_scope"


class Cue(StrEnum):
    """A small dialogue move found by rule, beside the intent."""

    SKIP = "skip"  # 跳过, 先不填, 以后再说
    SKIP_REST = "skip_rest"  # 后面的都不填了, 剩下的跳过
    BACK = "back"  # 上一步, 返回
    DONT_KNOW = "dont_know"  # 不知道, 不清楚, 说不准
    NONE = "none"  # 没有, 都不是, 都没有
    RESUME = "resume"  # 上次没填完的继续, 接着填
    CHANGE = "change"  # 改 学校, 写错了, 应该是
    QUESTION = "question"  # 吗, 多少, 怎么, 什么时候, ?
    NOT_DROPOUT = "not_dropout"  # 请假, 转学, 住院: an absence with a reason
    JUST_ASKING = "just_asking"  # 先不办, 打听打听


Value = str | int | bool | list[str]


@dataclass(frozen=True)
class Entity:
    """One thing named in the text, normalised.

    `start` and `end` are character offsets into the text as the person wrote it. `value` is the
    normalised value of the contract (ISO day, integer, code, official name). `role` says whose or
    which value it is where one entity type serves several slots: person_name `self` or
    `guardian`; phone `self` or `guardian`; count `household` or `children`; money `income`.
    `weak` marks a whole answer taken as it stands because a slot was expected, for want of
    anything firmer.
    """

    entity: str
    value: Value
    start: int
    end: int
    valid: bool = True
    role: str | None = None
    weak: bool = False
    code: str | None = None
    path: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()  # official paths joined by "/", when ambiguous
    candidate_codes: tuple[str, ...] = ()  # same order


@dataclass(frozen=True)
class Understanding:
    """All that was understood of one text."""

    text: str
    intent: Intent
    confidence: float
    ranking: tuple[tuple[Intent, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    cues: frozenset[Cue] = frozenset()
    choice: int | None = None  # "2", "第二个": the number of an offered choice, from 1
    change_slots: tuple[str, ...] = ()  # slots named in "改 学校": slot names of the contract
    emergency: bool = False  # the safety layer fired, whatever the intent says
    keyword: str = ""  # kind and phrase of the danger: "violence:往死里打"


@dataclass(frozen=True)
class Context:
    """What the dialogue knows that helps to read an answer.

    `expecting` is the slot that was asked (contract section 5), `home` the division code of the
    person's own banner or village, which breaks ties between equal place names.
    """

    now: datetime
    expecting: str | None = None
    home: str | None = None


class Engine(Protocol):
    """The one seam of understanding."""

    def understand(self, text: str, context: Context) -> Understanding:
        """Read one text. Never raises for any input text."""
        ...


@dataclass(frozen=True)
class Classified:
    """What a classifier alone says: intents best first, confidences adding up to at most 1."""

    ranking: tuple[tuple[Intent, float], ...] = field(default_factory=tuple)


class Classifier(Protocol):
    """Text to ranked intents; implemented in process (`local`) and over HTTP (`rasa`)."""

    def classify(self, text: str) -> Classified: ...
