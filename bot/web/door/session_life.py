"""How long a sign-in lasts, what it has proved, and how the next one is begun."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from litestar.datastructures import Cookie

from bot.web.door import cookies
from bot.web.door.addresses import masked
from bot.web.site import Connection, Site
from storage.kinds import Proof
from storage.models.guard import DeskSession
from storage.models.officer import Officer
from storage.uow import UnitOfWork

CODE_WITHIN = timedelta(minutes=10)
_BROWSERS = (
    ("Edg", "Edge"),
    ("QQBrowser", "QQ浏览器"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


@dataclass(frozen=True)
class LoggedIn:
    """A session that lasts and whose it is."""

    session: DeskSession
    officer: Officer


def is_over(site: Site, session: DeskSession) -> bool:
    """Whether a session has lasted long enough, or nobody was there for long."""
    rules, now = site.service.config.security, site.now()
    if session.seen_at - now >= CODE_WITHIN:
        return True  # of before the clock was turned back: it would last until that time comes
    if session.proof == Proof.FIRST and now - session.created_at >= CODE_WITHIN:
        return True
    if now - session.created_at >= timedelta(hours=rules.session_hours):
        return True
    return now - session.seen_at >= timedelta(minutes=rules.idle_minutes)


def must_have_factor(site: Site, officer: Officer) -> bool:
    """Whether the office asks everybody of this role for a second factor."""
    return officer.role in site.service.config.security.second_factor


def must_enrol(site: Site, logged_in: LoggedIn) -> bool:
    """Whether a second factor has to be set up before anything else."""
    is_plain = logged_in.session.proof == Proof.PLAIN
    return is_plain and must_have_factor(site, logged_in.officer)


def stamp_of(officer: Officer) -> str:
    """Changes with the password and tells nothing about it."""
    return hashlib.sha256(f"stamp {officer.password_hash}".encode()).hexdigest()[:24]


async def begin(
    uow: UnitOfWork, site: Site, connection: Connection, officer: Officer, proof: Proof
) -> Cookie:
    """A new session with a secret of its own; returns its cookie."""
    host = connection.client.host if connection.client else ""
    token = await uow.desk_sessions.begin(
        officer.id,
        stamp_of(officer),
        proof,
        device_of(connection.headers.get("user-agent", "")),
        masked(host),
        site.now(),
    )
    return session_cookie(site, token)


def session_cookie(site: Site, token: str) -> Cookie:
    """The cookie of a session; an empty one takes it away."""
    seconds = site.service.config.security.session_hours * 3600 if token else 0
    return cookies.make(site, cookies.SESSION, token, seconds, path="/desk")


def device_of(agent: str) -> str:
    """A browser as its owner would call it; nothing of what else it says about itself is kept."""
    found = [
        next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(word for word in found if word) or "不认识的设备"
