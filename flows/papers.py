"""Photos, files and voice in the middle of a flow: kept with it, and said what they are."""

from collections.abc import Iterable

from flows.aid.documents import Document, checklist
from flows.aid.eligibility import stage_of
from flows.asking import go_on
from flows.commands import DocumentRef
from flows.heard import HeardFile
from flows.say import Choice, Say
from flows.state import Asked, Frame, Item, State
from flows.steps import AnyFlow
from flows.talk import Talk
from flows.words import render

EVIDENCE = "evidence"
MOST_LOOSE = 20
TO_PERSON = Choice("papers.to_person", "!cmd=human")
VOICE = "voice"
OTHER = "other"


def papers_for(item: Item) -> list[Document]:
    """The checklist of a child's application, by what was said so far."""
    return checklist(item.slots.get("hardship") or [], stage_of(item.slots.get("grade") or ""))


def still_missing(item: Item) -> list[Document]:
    """The papers not handed in yet."""
    have = item.slots.get("documents") or []
    return [paper for paper in papers_for(item) if paper.key not in have]


def refs_of(frame: Frame, fallback: str = EVIDENCE) -> tuple[DocumentRef, ...]:
    """The files of a frame as the commands name them."""
    return tuple(DocumentRef(attachment, key or fallback) for attachment, key in frame.files)


async def take_papers(talk: Talk, flow: AnyFlow, frame: Frame) -> bool:
    """Keep what came with the message; whether that was all there was to do."""
    files = talk.heard.files
    if not files:
        return False
    if not flow.carries:
        return await _keep_for_later(talk)
    said = [_take(flow, frame, file) for file in files]
    if talk.heard.text.strip():
        talk.say(said[-1])
        return False
    asked = frame.asked
    step = flow.step(asked.slot) if asked else None
    if asked is not None and step is not None and step.slot == "documents" and flow.papers:
        await _go_on_with_papers(talk, frame, asked, said[-1])
    else:
        await go_on(talk, said[-1])
    return True


def _take(flow: AnyFlow, frame: Frame, file: HeardFile) -> Say:
    if not file.is_picture:
        frame.files.append((file.attachment, VOICE))
        return _spoken(flow, frame)
    index = frame.asked.item if frame.asked else 0
    frame.marks.setdefault("whose", {})[str(file.attachment)] = index
    item = frame.items[index]
    missing = still_missing(item) if flow.papers else []
    if not flow.papers or not missing:
        frame.files.append((file.attachment, OTHER if flow.papers else ""))
        return Say("papers.kept")
    chosen = frame.marks.pop("paper", None)
    paper = next((p for p in missing if p.key == chosen), missing[0])
    frame.files.append((file.attachment, paper.key))
    item.slots["documents"] = [*(item.slots.get("documents") or []), paper.key]
    return Say("papers.received", {"paper": paper.name})


def _spoken(flow: AnyFlow, frame: Frame) -> Say:
    """A voice tells the matter itself where that is asked for; other answers must be written."""
    asked = frame.asked
    step = flow.step(asked.slot) if asked else None
    if asked is None or step is None or "detail" not in step.takes:
        return Say("papers.voice_kept")
    frame.items[asked.item].slots.setdefault(asked.slot, render(Say("papers.voice_detail")))
    return Say("papers.voice_taken")


async def _keep_for_later(talk: Talk) -> bool:
    """This flow takes no files to the office: offer somebody who looks at them or listens."""
    keep_loose(talk.state, talk.heard.files)
    key = "papers.what_for" if talk.heard.files[-1].is_picture else "papers.voice_what_for"
    talk.say(Say(key, choices=(TO_PERSON,)))
    if talk.heard.text.strip():
        return False
    await go_on(talk)
    return True


def keep_loose(state: State, files: Iterable[HeardFile]) -> None:
    """Keep what came outside any form, for the next one."""
    for file in files:
        state.loose_files = [*state.loose_files, file.attachment][-MOST_LOOSE:]
        if not file.is_picture:
            state.loose_voices = [*state.loose_voices, file.attachment][-MOST_LOOSE:]


def take_loose(state: State, frame: Frame) -> None:
    """What came outside any form belongs to this one now."""
    voices = state.loose_voices
    already = {attachment for attachment, _ in frame.files}
    new = [f for f in dict.fromkeys(state.loose_files) if f not in already]
    frame.files.extend((f, VOICE if f in voices else "") for f in new)
    state.loose_files, state.loose_voices = [], []


def voices_of(frame: Frame) -> list[int]:
    """What was spoken and somebody has to listen to."""
    return [attachment for attachment, key in frame.files if key == VOICE]


async def _go_on_with_papers(talk: Talk, frame: Frame, asked: Asked, received: Say) -> None:
    """Ask for the next paper, until none is missing or the person has no more."""
    item = frame.items[asked.item]
    missing = still_missing(item)
    if not missing:
        frame.marks.pop("changing", None)
        await go_on(talk, received, Say("papers.all_received"))
        return
    flow = talk.flow_of(frame)
    say = Say(
        "papers.next",
        {"papers": [Say("papers.line", {"name": p.name, "why": p.why}) for p in missing]},
        (Choice("papers.no_more", "!cmd=skip"),),
    )
    talk.say(say.after(received).marked(flow=flow.shown, asks="documents"))
