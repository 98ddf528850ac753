"""What the service tells of itself while it works; whoever wants to count it listens here."""

from collections.abc import Mapping


class Watcher:
    """Hears of everything that is counted and keeps nothing; `bot.watch.meters` does."""

    def accepted(self, channel: str) -> None:
        """A message came in."""

    def took(self, inbox_id: int) -> None:
        """A message is in hand from now on."""

    def let_go(self, inbox_id: int) -> None:
        """It is not any more, whatever came of it."""

    def turned(
        self, outcome: str, seconds: float, waited: float, parts: Mapping[str, float]
    ) -> None:
        """A message was handled: answered or refused, or else retried or parked."""

    def sent(self, channel: str, result: str, seconds: float) -> None:
        """A message was tried: sent, gone, away, paused, later or failed."""

    def gave_up(self, channel: str) -> None:
        """A message was tried so often that it is not tried again."""

    def ticked(self, seconds: float, is_well: bool) -> None:
        """All that was due has been done, or it broke."""

    def looped(self, name: str) -> None:
        """A loop that runs for ever broke and is begun again."""

    def answered(self, area: str, status: int, seconds: float) -> None:
        """An HTTP request was answered."""

    def signed_in(self, result: str) -> None:
        """Somebody tried to sign in at the desk."""


UNWATCHED = Watcher()
