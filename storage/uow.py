"""One transaction and all that can be asked or changed inside it."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage.keys import Keyring
from storage.repositories.attachments import Attachments
from storage.repositories.attempts import Attempts
from storage.repositories.audit import Audit
from storage.repositories.campaigns import Campaigns
from storage.repositories.consents import Consents
from storage.repositories.conversations import Conversations
from storage.repositories.counts import Counts
from storage.repositories.desk_sessions import DeskSessions
from storage.repositories.facts import CaseFacts
from storage.repositories.figures import Figures
from storage.repositories.groups import WorkGroups
from storage.repositories.inbox import Inbox
from storage.repositories.incidents import Incidents
from storage.repositories.inquiries import Inquiries
from storage.repositories.kin import Kin
from storage.repositories.lanes import Lanes
from storage.repositories.misheard import MisheardSentences
from storage.repositories.notices import Notices
from storage.repositories.officers import Officers
from storage.repositories.outbox import Outbox
from storage.repositories.outreach import OutreachLists
from storage.repositories.people import People
from storage.repositories.processes import Processes
from storage.repositories.purges import Purges
from storage.repositories.questions import Questions
from storage.repositories.reachable import Families
from storage.repositories.receipts import Receipts
from storage.repositories.recognition import Recognition
from storage.repositories.records import Records
from storage.repositories.reminders import Reminders
from storage.repositories.rounds import Rounds
from storage.repositories.second_factors import SecondFactors
from storage.repositories.supervisions import Rectifications, Supervisions
from storage.repositories.topics import Topics
from storage.repositories.trainings import Trainings


class UnitOfWork:
    """The repositories of one transaction; rows they return may be changed in place."""

    def __init__(self, session: AsyncSession, keyring: Keyring) -> None:
        self.session = session
        self.keyring = keyring
        self.people = People(session, keyring)
        self.families = Families(session)
        self.conversations = Conversations(session)
        self.inbox = Inbox(session)
        self.outbox = Outbox(session)
        self.lanes = Lanes(session)
        self.records = Records(session)
        self.kin = Kin(session)
        self.case_facts = CaseFacts(session)
        self.figures = Figures(session)
        self.recognition = Recognition(session)
        self.trainings = Trainings(session)
        self.reminders = Reminders(session)
        self.rounds = Rounds(session)
        self.officers = Officers(session, keyring)
        self.desk_sessions = DeskSessions(session)
        self.second_factors = SecondFactors(session)
        self.attempts = Attempts(session, keyring)
        self.audit = Audit(session)
        self.attachments = Attachments(session)
        self.consents = Consents(session)
        self.notices = Notices(session)
        self.topics = Topics(session)
        self.supervisions = Supervisions(session)
        self.rectifications = Rectifications(session)
        self.outreach = OutreachLists(session)
        self.campaigns = Campaigns(session)
        self.incidents = Incidents(session)
        self.inquiries = Inquiries(session)
        self.groups = WorkGroups(session)
        self.receipts = Receipts(session)
        self.purges = Purges(session)
        self.questions = Questions(session)
        self.processes = Processes(session)
        self.counts = Counts(session)
        self.misheard = MisheardSentences(session, keyring)
