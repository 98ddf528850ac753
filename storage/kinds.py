"""The closed sets that records are made of; of storage, flows may import only this module.

Standard library only. Values are public interface where the JSON API shows them.
"""

from enum import StrEnum


class RecordKind(StrEnum):
    """What a filed record is."""

    AID_APPLICATION = "aid_application"
    DROPOUT_CASE = "dropout_case"
    TRAINING_REGISTRATION = "training_registration"
    ESCALATION = "escalation"


class EscalationType(StrEnum):
    """Why a human is asked for; only an emergency is filed before a summary."""

    EMERGENCY = "emergency"
    COMPLAINT = "complaint"
    HUMAN = "human"


class ApplicationStatus(StrEnum):
    """The recognition steps of an aid application (教财〔2018〕16号)."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    UNDER_REVIEW = "under_review"
    PUBLISHED = "published"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


class DropoutStatus(StrEnum):
    """The life of a dropout case (教基厅函〔2024〕15号, 动态销号)."""

    REPORTED = "reported"
    VERIFIED = "verified"
    PERSUADING = "persuading"
    RETURNED = "returned"
    PLACED = "placed"
    MONITORING = "monitoring"
    CLOSED = "closed"
    EXCLUDED = "excluded"
    DUPLICATE = "duplicate"
    CONTESTED = "contested"
    WITHDRAWN = "withdrawn"


class CaseFactKind(StrEnum):
    """What may be known of a dropout case; its status is computed from the facts in their order."""

    BEFORE = "before"  # the status it had before facts were kept
    VERIFIED = "verified"
    RESPONSIBLE = "responsible"
    VISIT = "visit"
    PLAN = "plan"
    SAID_BACK = "said_back"
    SAID_GONE = "said_gone"  # of a child that is on record as back
    RETURN = "return"
    ATTENDANCE = "attendance"
    DEFERRAL_OVER = "deferral_over"
    REOPEN = "reopen"
    CLOSE = "close"


class ResponsibleSide(StrEnum):
    """The two who are answerable for bringing a child back (劝返责任人)."""

    SCHOOL = "school"
    VILLAGE = "village"


class RegistrationStatus(StrEnum):
    """A place in a training session."""

    BOOKED = "booked"
    WAITLISTED = "waitlisted"
    INTERESTED = "interested"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


class EscalationStatus(StrEnum):
    """A question, complaint or emergency waiting for a human."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Role(StrEnum):
    """What an officer may do; later ones include the earlier ones."""

    CLERK = "clerk"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class Proof(StrEnum):
    """How far an officer has got in signing in."""

    FIRST = "first"  # the password was right; the second factor is still to come
    PLAIN = "plain"  # has no second factor
    FACTOR = "factor"


class HardshipLevel(StrEnum):
    """The three levels of family hardship, decided by the school."""

    SPECIAL = "special"  # 特别困难
    MODERATE = "moderate"  # 比较困难
    GENERAL = "general"  # 一般困难


class ReminderKind(StrEnum):
    """Why a person is written to without having asked at that moment."""

    OWN = "own"
    DOCUMENTS = "documents"
    WINDOW = "window"  # an application window opens or closes
    PUBLICATION = "publication"  # 公示
    DECISION = "decision"
    SESSION = "session"  # the day before
    SESSION_SOON = "session_soon"  # two hours before
    PLACE = "place"  # a free place is held for one who waited
    ATTENDANCE = "attendance"  # were you there?
    CAMPAIGN = "campaign"


class ListKind(StrEnum):
    """What a list from outside is of; the last is a school's roll that others are held against."""

    POVERTY_HOUSEHOLD = "poverty_household"  # 脱贫户
    MONITORED_HOUSEHOLD = "monitored_household"  # 监测对象
    DIBAO = "dibao"  # 低保
    ORPHAN = "orphan"
    DISABILITY = "disability"
    GRADUATE = "graduate"  # 应届毕业生
    CADRE_ROLL = "cadre_roll"  # 花名册
    ENROLMENT = "enrolment"  # 在校花名册


class VisitState(StrEnum):
    """What came of a visit to a family of a list."""

    VISITED = "visited"
    APPLIED = "applied"
    NOT_NEEDED = "not_needed"
    UNREACHABLE = "unreachable"


class Audience(StrEnum):
    """Who of a list a campaign is for."""

    NOT_APPLIED = "not_applied"
    NOT_ENROLLED = "not_enrolled"
    ALL = "all"


class CampaignStatus(StrEnum):
    """How far a campaign has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    STOPPED = "stopped"


class PersonRole(StrEnum):
    """How a person told us they speak to us."""

    PARENT = "parent"
    CADRE = "cadre"


CLOSED_STATUSES: frozenset[str] = frozenset(
    {"approved", "rejected", "paid", "withdrawn", "closed", "excluded", "duplicate"}
    | {"cancelled", "attended", "absent", "resolved"}
)
"""Statuses after which nobody has to act on a record."""
