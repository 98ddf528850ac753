"""What officers do with lists of children, and with words for their families."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.vocabulary.base import Command
from storage.kinds import Audience, VisitState


@dataclass(frozen=True)
class OutreachCommand(Command):
    """A change to a list or a campaign by an officer."""


@dataclass(frozen=True)
class JudgeMatch(OutreachCommand):
    """Say whether a row and what it resembles are the same child."""

    row: int
    target: str
    same: bool


@dataclass(frozen=True)
class NoteOutreach(OutreachCommand):
    """Note what came of a visit; no state takes the note back."""

    row: int
    state: VisitState | None
    note: str = ""


@dataclass(frozen=True)
class CompareAgain(OutreachCommand):
    """Hold a list against the ledgers anew."""

    list_id: int


@dataclass(frozen=True)
class DropList(OutreachCommand):
    """Remove a list before its time, with a reason."""

    list_id: int
    reason: str


@dataclass(frozen=True)
class DraftCampaign(OutreachCommand):
    """Words for the families of a list: a template with its blanks filled in."""

    list_id: int
    template: str
    blanks: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = Audience.NOT_APPLIED


@dataclass(frozen=True)
class CampaignCommand(OutreachCommand):
    """A step in the life of a campaign; `expected_version` None skips the check."""

    campaign: int
    expected_version: int | None = None


@dataclass(frozen=True)
class TryCampaign(CampaignCommand):
    """Send the words to the officer's own chat."""


@dataclass(frozen=True)
class ApproveCampaign(CampaignCommand):
    """A second person has read the words and the list of those who get them."""


@dataclass(frozen=True)
class StartCampaign(CampaignCommand):
    """Let the messages go."""


@dataclass(frozen=True)
class StopCampaign(CampaignCommand):
    """Nothing more is sent from now on."""

    reason: str = ""
