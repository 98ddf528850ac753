"""What every page of the desk shows around its own content."""

from collections.abc import Mapping
from typing import Any

from litestar.response import Template

from bot.rights.access import Right, may
from bot.web import labels
from storage.models.officer import Officer
from storage.uow import UnitOfWork


async def desk_page(
    uow: UnitOfWork,
    officer: Officer,
    name: str,
    context: Mapping[str, Any],
    status_code: int = 200,
) -> Template:
    """A page of the desk with who is signed in and what they have not seen yet."""
    notices = await uow.notices.unseen(officer.id)
    around = {
        "me": officer.name,
        "my_role": labels.label(f"role.{officer.role}"),
        "my_place": labels.place_path(officer.region_code),
        "leads": may(officer, Right.PARKED),
        "may_logins": may(officer, Right.SESSIONS),
        "may_audit": may(officer, Right.AUDIT),
        "runs": may(officer, Right.RUNNING),
        "may_answer": may(officer, Right.INCIDENTS),
        "notices": [
            {"text": notice.text, "at": labels.clock(notice.at), "reference": notice.reference}
            for notice in reversed(notices[-50:])
        ],
        "notice_count": len(notices),
        "newest_notice": notices[-1].id if notices else 0,
    }
    return Template(name, context={**around, **context}, status_code=status_code)
