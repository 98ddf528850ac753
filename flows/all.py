"""The flows there are; a new one is added here."""

from flows.aid.flow import AID
from flows.common.joining import JOIN
from flows.common.my_consents import CONSENT_BACK
from flows.common.papers_flow import PAPERS
from flows.common.putting_right import CORRECTION
from flows.common.taking_back import CANCEL_REGISTRATION, DELETE, WITHDRAW
from flows.dropout.flow import DROPOUT
from flows.dropout.followup import FOLLOWUP
from flows.escalation.flow import EMERGENCY, ESCALATION
from flows.reminders.flow import REMINDER
from flows.steps import AnyFlow
from flows.talk import Flows
from flows.training.flow import TRAINING

ALL: tuple[AnyFlow, ...] = (
    AID,
    DROPOUT,
    TRAINING,
    ESCALATION,
    EMERGENCY,
    FOLLOWUP,
    PAPERS,
    CORRECTION,
    WITHDRAW,
    CANCEL_REGISTRATION,
    DELETE,
    JOIN,
    CONSENT_BACK,
    REMINDER,
)
FLOWS = Flows({flow.name: flow for flow in ALL})
