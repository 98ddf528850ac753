"""Keeps secrets out of lines that somebody will read: whatever looks like one becomes ***.

Our own lines name no secret; libraries put addresses into their errors, and those of Telegram's
Bot API and of databases hold one.
"""

import re

_HIDDEN = "***"
_SECRETS = (
    re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}"),  # a bot's token at Telegram
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),  # user and password in an address
    re.compile(r"(?i)(?<=bearer )\S+"),
    re.compile(r"(?i)(?<=secret=)[A-Z2-7]{8,}"),  # the address in the picture for a telephone
    re.compile(r"(?<![\w-])[\w-]{43}=?(?![\w-])", re.ASCII),  # 32 random bytes: tokens and keys
)


def redacted(text: str) -> str:
    """The text without secrets."""
    for secret in _SECRETS:
        text = secret.sub(_HIDDEN, text)
    return text
