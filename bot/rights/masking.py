"""What may be shown of a person: tails and heads instead of whole numbers and names."""

import re

_ID_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){16}[ -]?[\dXx](?![\dXx])")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{7,18}[\dXx]?(?!\d)")


def last_four(number: str) -> str:
    """The last four characters of an identity number, for the owner to recognise it."""
    return number[-4:]


def masked_id(number: str) -> str:
    """An identity number for a list or a ledger: only the last four characters."""
    return "*" * max(len(number) - 4, 0) + number[-4:]


def masked_ids(text: str) -> str:
    """Free text in which every identity number has lost all but its last four characters."""
    return _ID_NUMBER.sub(lambda found: masked_id(found.group()), text)


def masked_phone(phone: str) -> str:
    """A phone for a list: 139****3456."""
    if len(phone) < 8:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def masked_name(name: str) -> str:
    """A name for a short message: the first character and stars."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def masked_text(text: str) -> str:
    """Free text for an outside reader: long numbers lose their middle."""
    return _LONG_NUMBER.sub(lambda found: masked_phone(found.group()), text)
