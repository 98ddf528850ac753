"""What people tell about themselves, agree to and may have erased."""

from bot.errors import WrongCode
from bot.handlers.acting import Acting, Outcome
from bot.login.codes import may_try
from bot.words import render
from flows.commands import CompleteConsent, LinkOfficer, RecordConsent, UpdatePerson


async def record_consent(turn: Acting, command: RecordConsent) -> Outcome:
    """Keep the receipt: who agreed to what, in which wording, when and where (PIPL art. 31)."""
    person = await turn.person()
    conversation = await turn.conversation()
    await turn.uow.consents.add(
        person_id=person.id,
        purpose=command.purpose,
        version=command.version,
        granted=command.granted,
        relation=command.relation,
        channel=conversation.channel,
        at=turn.now,
    )
    await turn.audit("consent", purpose=command.purpose, granted=command.granted)
    return Outcome(status="granted" if command.granted else "refused")


async def complete_consent(turn: Acting, command: CompleteConsent) -> Outcome:
    """Add to the receipt what the one who agreed is to the child."""
    person = await turn.person()
    receipt = await turn.uow.consents.latest(person.id, command.purpose)
    if receipt is None or not receipt.granted:
        return Outcome(changed=False)
    receipt.relation = command.relation
    await turn.audit("consent_relation", purpose=command.purpose, relation=command.relation)
    return Outcome(status="granted")


async def update_person(turn: Acting, command: UpdatePerson) -> Outcome:
    """Keep what the person said about themselves."""
    person = await turn.person()
    told: dict[str, str | None] = {
        "name": command.name,
        "home_region": command.region,
        "language": command.language,
        "role": command.role,
    }
    changed = {key: value for key, value in told.items() if value is not None}
    for key, value in changed.items():
        setattr(person, key, value)
    if command.phone is not None:
        turn.uow.people.set_phone(person, command.phone)
        changed["phone"] = command.phone
    await turn.audit("update_person", fields=sorted(changed))
    return Outcome(changed=bool(changed))


async def link_officer(turn: Acting, command: LinkOfficer) -> Outcome:
    """Tie this conversation to an officer's account; a code works once and not for long."""
    conversation = await turn.conversation()
    may_try(conversation, turn.now)
    officer = await turn.uow.officers.by_link_code(command.code.strip(), turn.now)
    if officer is None:
        raise WrongCode(render("refused.link_code"))
    officer.conversation_id = conversation.id
    await turn.uow.officers.use_up_link_code(officer.id)
    await turn.audit("link_officer", officer=officer.id)
    return Outcome(status="linked", detail={"officer": officer.name})
