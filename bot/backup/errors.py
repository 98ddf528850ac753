"""Why a backup cannot be made or used, as a sentence for the technician."""

from bot.errors import ServiceError


class BackupError(ServiceError):
    """The backup was not made, or this one cannot be used."""


def damaged(what: str) -> BackupError:
    """The complaint about a file that is not what was written."""
    return BackupError(f"备份文件坏了：{what}。请换一份更早的备份。")
