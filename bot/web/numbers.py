"""Numbers that callers write in forms and addresses, of which any may be nonsense."""

MOST_DIGITS = 18
"""Every number this long fits a row's; longer ones would reach the database and break there."""


def row_number(text: str) -> int | None:
    """The number that a text is; None for anything else and for one that no row can have."""
    if len(text) > MOST_DIGITS or not (text.isascii() and text.isdecimal()):
        return None
    return int(text)
