"""Buttons about pushes: `!remind.<what>=<value>`, valid under any message however old."""

from flows.reminders.mine import cancel_own, show_mine
from flows.reminders.settings import SETTINGS, show_settings
from flows.talk import Press, Talk


async def press_remind(talk: Talk, press: Press) -> None:
    """One press; an unknown one shows the settings."""
    if press.slot == "list":
        await show_mine(talk)
    elif press.slot == "cancel":
        await cancel_own(talk, press.value)
    else:
        await SETTINGS.get(press.slot or "", show_settings)(talk, press.value)
