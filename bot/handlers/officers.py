"""Who answers for a record, and an officer talking to the person while the bot is silent."""

from bot.cases.deadlines import start_clock
from bot.cases.notices import tell_officers
from bot.cases.records import Record
from bot.errors import NotAllowed, Refused
from bot.handlers.acting import Acting, Outcome, outcome
from bot.handlers.moving import move, touch
from bot.handlers.transfers import lapse_offer
from bot.handlers.transitions import next_status
from bot.rights.access import access_for_change
from bot.rights.actor import ActorKind
from bot.rights.territory import covers
from bot.turns.topics import topic_of_record
from bot.words import render
from flows.commands import Assign, HandBack, Reply
from flows.policy.replies import blanks
from storage.models.conversation import Conversation
from storage.models.officer import Officer

_MONGOLIAN_NAME = 4
"""From this length a name has no family name in front."""


async def assign(turn: Acting, command: Assign) -> Outcome:
    """Make an officer answerable; taking a record oneself acknowledges it."""
    record = await access_for_change(turn, command)
    officer = await _officer(turn, command.officer, record)
    target = next_status(record.kind, str(record.status), Assign)
    mine = turn.by.kind is ActorKind.OFFICER and officer.id == turn.by.id
    await lapse_offer(turn, record)
    record.assigned_to_id = officer.id
    touch(turn, record, target if mine else None)
    if not mine:
        start_clock(record, turn.now)
    if record.region_code is None and not mine:  # the officer's place, or they could not see it
        record.region_code = officer.region_code
    await turn.audit("assign", record, to=officer.id, name=officer.name)
    await tell_officers(turn, [officer], record, "officer.assigned")
    return outcome(record, assigned_to=officer.id)


async def _officer(turn: Acting, officer_id: int | None, record: Record) -> Officer:
    wanted = officer_id if officer_id is not None else turn.by.id
    officer = await turn.uow.officers.get(wanted) if wanted is not None else None
    if officer is None or not officer.active:
        raise Refused(render("refused.officer_unknown"))
    if record.region_code and not covers(officer.region_code, record.region_code):
        raise Refused(render("refused.officer_region"))
    return officer


async def reply(turn: Acting, command: Reply) -> Outcome:
    """Say something to the person; the bot is silent until the hand-back."""
    if turn.by.kind is not ActorKind.OFFICER:
        raise NotAllowed
    if not command.text.strip():
        raise Refused(render("refused.text_missing"))
    if missing := blanks(command.text):
        raise Refused(render("refused.blanks", blanks="、".join(missing)))
    await hold_talk(turn, command.reference)
    record = await access_for_change(turn, command)
    conversation = await reachable(turn, record)
    await _not_taken(turn, conversation)
    move(turn, record, Reply)
    conversation.officer_id = turn.by.id
    conversation.officer_reference = record.reference
    conversation.officer_at = turn.now
    text = render("reply.officer", surname=surname(turn.by.name), text=command.text.strip())
    topic = topic_of_record(record.reference)
    await turn.uow.outbox.add(conversation.id, text, [], {}, turn.now, topic=topic)
    await turn.audit("reply", record, text=command.text.strip())
    if command.hand_back:
        await give_back(turn, record, conversation)
    return outcome(record)


async def hand_back(turn: Acting, command: HandBack) -> Outcome:
    """The bot answers again and says so; harmless when it already did."""
    await hold_talk(turn, command.reference)
    record = await access_for_change(turn, command)
    conversation = await reachable(turn, record)
    if conversation.officer_id is None:
        return outcome(record, changed=False)
    touch(turn, record)
    await give_back(turn, record, conversation)
    return outcome(record)


async def end_talk(turn: Acting, record: Record) -> None:
    """The matter is closed: if an officer still talked about it, the bot answers again."""
    if record.conversation_id is None:
        return
    conversation = await turn.uow.conversations.get(record.conversation_id)
    if conversation is not None and conversation.officer_reference == record.reference:
        await give_back(turn, record, conversation)


async def give_back(
    turn: Acting,
    record: Record,
    conversation: Conversation,
    key: str = "reply.handed_back",
    why: str = "",
) -> None:
    """The bot answers again and says so."""
    conversation.officer_id = None
    conversation.officer_reference = None
    conversation.officer_at = None
    text = render(key)
    topic = topic_of_record(record.reference)
    await turn.uow.outbox.add(conversation.id, text, [], {}, turn.now, topic=topic)
    await turn.audit("hand_back", record, reason=why)


async def hold_talk(turn: Acting, reference: str) -> None:
    """Lock the conversation before the record, in the order of a person's turn: no deadlock."""
    record = await turn.uow.records.get(reference)
    if record is not None and record.conversation_id is not None:
        await turn.uow.conversations.lock(record.conversation_id)


async def reachable(turn: Acting, record: Record) -> Conversation:
    """The chat of the one who filed the record. Raises Refused when nothing reaches them."""
    if record.conversation_id is None:
        raise Refused(render("refused.no_channel"))
    conversation = await turn.uow.conversations.get(record.conversation_id)
    if conversation is None or conversation.gone_at is not None:
        raise Refused(render("refused.gone"))
    return conversation


async def _not_taken(turn: Acting, conversation: Conversation) -> None:
    if conversation.officer_id in (None, turn.by.id):
        return
    other = await turn.uow.officers.get(conversation.officer_id)
    raise Refused(render("refused.taken", name=other.name if other else ""))


def surname(name: str) -> str:
    """What an officer is called in a chat: the family name, or a Mongolian name whole."""
    return name if len(name) >= _MONGOLIAN_NAME else name[:1]
