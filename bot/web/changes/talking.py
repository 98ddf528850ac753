"""Talking with the person, and notes among colleagues."""

from bot.web.changes.form import Change, Field, text
from flows import commands as c

CHANGES: tuple[Change, ...] = (
    Change(
        "reply",
        "回复对方",
        c.Reply,
        lambda ref, version, form: c.Reply(
            ref, version, text(form, "text"), form.get("hand_back") == "yes"
        ),
        (
            Field("text", "要说的话", "long", required=True),
            Field("hand_back", "说完就交还机器人", "check"),
        ),
        "对方会在自己的聊天里收到。没交还以前，机器人不说话。",
        first=True,
    ),
    Change(
        "ask",
        "问家里一件事",
        c.AskFamily,
        lambda r, v, f: c.AskFamily(r, v, text(f, "text")),
        (Field("text", "要问的话", "long", required=True),),
        "时限先停。对方在聊天里回答，答案记进来，时限接着走。机器人照常说话。",
    ),
    Change("hand-back", "交还机器人", c.HandBack, lambda r, v, f: c.HandBack(r, v), first=True),
    Change(
        "note",
        "内部备注",
        c.AddNote,
        lambda r, v, f: c.AddNote(r, v, text(f, "text")),
        (Field("text", "备注", "long", required=True),),
        "对方看不到。",
    ),
)
