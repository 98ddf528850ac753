"""What is kept of those who work here besides the account itself: codes, sessions, old tokens."""

from bot.retention.step import Step, emptied, no_time, removed
from storage.models.guard import Attempt, DeskSession, RecoveryCode
from storage.models.officer import ApiToken, Officer

STEPS = (
    Step(
        "link_codes",
        "用不了的绑定号",
        Officer,
        Officer.link_code_until,
        no_time,
        lambda span: (Officer.link_code_until <= span.until,),
        emptied(Officer, link_code_hash=None, link_code_until=None),
    ),
    Step(
        "tokens",
        "停用的接口令牌",
        ApiToken,
        ApiToken.revoked_at,
        lambda rules: rules.audit,
        lambda span: (ApiToken.revoked_at <= span.until,),
        removed(ApiToken),
    ),
    Step(
        "desk_sessions",
        "过期的登录",
        DeskSession,
        DeskSession.created_at,
        lambda rules: rules.drafts,
        lambda span: (DeskSession.created_at <= span.until,),
        removed(DeskSession),
    ),
    Step(
        "recovery_codes",
        "用过的备用码",
        RecoveryCode,
        RecoveryCode.used_at,
        lambda rules: rules.audit,
        lambda span: (RecoveryCode.used_at <= span.until,),
        removed(RecoveryCode),
    ),
    Step(
        "attempts",
        "数过的登录和说话",
        Attempt,
        Attempt.empty_at,
        no_time,
        lambda span: (Attempt.empty_at <= span.until,),
        removed(Attempt),
    ),
)
