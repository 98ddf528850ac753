"""Answers that need no flow: greeting, help, status, policy, reminders on and off, language."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from flows.aid.eligibility import stage_of
from flows.commands import UpdatePerson
from flows.local_time import local_day
from flows.policy.answers import Found, best
from flows.ports import RecordView
from flows.reminders.settings import start_reminders, stop_reminders
from flows.say import Choice, Say
from flows.talk import Talk
from nlu.types import Cue, Intent

MENU = (
    Choice("menu.aid", "!start=apply_aid"),
    Choice("menu.dropout", "!start=report_dropout"),
    Choice("menu.training", "!start=find_training"),
    Choice("menu.status", "!start=check_status"),
    Choice("menu.person", "!start=talk_to_human"),
)
MOST_SHOWN = 5
PERHAPS = 0.2  # of being a question about policy


async def greet(talk: Talk) -> None:
    """Say hello; in a conversation under way only shortly."""
    if talk.frame is not None:
        talk.say(Say("common.hello_again"))
    elif len(talk.replies) == 0 or not talk.replies[0].key.startswith("common.introduction"):
        talk.say(Say("common.hello", choices=_with_resume(talk)))
    else:
        talk.replies[0] = Say("common.introduction_menu", choices=_with_resume(talk))


def _with_resume(talk: Talk) -> tuple[Choice, ...]:
    return (*((Choice("common.resume", "!cmd=resume"),) if talk.state.drafts else ()), *MENU)


async def thank(talk: Talk) -> None:
    """Accept thanks."""
    talk.say(Say("common.welcome"))


async def goodbye(talk: Talk) -> None:
    """Say goodbye; an unfinished form waits."""
    talk.say(Say("common.goodbye_draft" if talk.frame else "common.goodbye"))
    if talk.frame is not None:
        talk.frame.marks["quiet"] = True


async def help_me(talk: Talk) -> None:
    """Explain the open question, or what the bot is for."""
    frame = talk.frame
    if frame is not None and frame.asked is not None:
        talk.say(Say(f"{frame.flow}.{frame.asked.slot}.help"))
    else:
        talk.say(Say("common.help", choices=MENU))


async def out_of_scope(talk: Talk) -> None:
    """Say plainly what the bot cannot do, unless the policy data holds a likely answer."""
    if _may_be_policy(talk):
        understood = replace(talk.understood, intent=Intent.ASK_POLICY)
        talk.heard = replace(talk.heard, understood=understood)
        await ask_policy(talk)
        return
    talk.say(Say("common.out_of_scope", choices=() if talk.frame else MENU))


def _may_be_policy(talk: Talk) -> bool:
    likely = dict(talk.understood.ranking).get(Intent.ASK_POLICY, 0.0) >= PERHAPS
    return likely and talk.has(Cue.QUESTION) and _policy_answer(talk) is not None


def _policy_answer(talk: Talk) -> Found | None:
    item = talk.frame.items[0] if talk.frame else None
    stage = stage_of(item.slots.get("grade") or "") if item else None
    return best(talk.heard.text, stage=stage, region=talk.state.home, on=local_day(talk.now))


async def ask_policy(talk: Talk) -> None:
    """Quote the policy entry that answers the question; never guess."""
    found = _policy_answer(talk)
    person = Choice("common.find_person", "!cmd=human")
    if found is None:
        talk.say(Say("common.no_policy", choices=() if talk.frame else (person, *MENU[:3])))
        return
    choices = () if found.sure or talk.frame else (person,)
    say = Say("common.policy", {"text": found.text}, choices=choices)
    talk.say(say.marked(answered=found.entry.id))


async def check_status(talk: Talk) -> None:
    """Tell the state of the speaker's own records, never of anybody else's."""
    named = [e.value for e in talk.understood.entities if e.entity == "case_number"]
    if named:
        one = await talk.lookup.my_record(str(named[0]))
        talk.say(_status(one) if one else Say("status.not_yours", {"reference": named[0]}))
        return
    records = await talk.lookup.my_records()
    if not records:
        talk.say(Say("status.none", choices=() if talk.frame else (*MENU[:3], MENU[4])))
        return
    for record in records[:MOST_SHOWN]:
        talk.say(_status(record))


def _status(record: RecordView) -> Say:
    return Say(
        f"status.{record.kind}.{record.status}",
        {
            "title": record.title,
            "reference": record.reference,
            "updated": record.updated_at,
            "name": record.child_name or "",
        },
    ).marked(status=record.reference)


async def switch_language(talk: Talk) -> None:
    """Keep the wish; say honestly what is not translated yet and offer a Mongolian speaker."""
    text = talk.heard.text.lower()
    is_mongolian = "蒙" in text or "mongol" in text or any("\u1800" <= c <= "\u18af" for c in text)
    is_chinese = any(word in text for word in ("汉", "漢", "中文", "普通话"))
    if is_mongolian and not (is_chinese and "换回" in text):
        talk.do(UpdatePerson(language="mn"))
        talk.say(Say("language.mongolian", choices=(Choice("common.find_person", "!cmd=human"),)))
    elif is_chinese:
        talk.do(UpdatePerson(language="zh"))
        talk.say(Say("language.chinese"))
    else:
        talk.say(Say("language.other"))


ANSWERS: Mapping[Intent, Callable[[Talk], Awaitable[None]]] = {
    Intent.GREET: greet,
    Intent.THANK: thank,
    Intent.GOODBYE: goodbye,
    Intent.HELP: help_me,
    Intent.OUT_OF_SCOPE: out_of_scope,
    Intent.ASK_POLICY: ask_policy,
    Intent.CHECK_STATUS: check_status,
    Intent.STOP_REMINDERS: stop_reminders,
    Intent.START_REMINDERS: start_reminders,
    Intent.SWITCH_LANGUAGE: switch_language,
}
