"""What a record is called when somebody hears of it: the class by its name, else its kind."""

from bot.cases.records import Record
from storage.kinds import RecordKind
from storage.models.training import Registration
from storage.uow import UnitOfWork

TITLES = {
    RecordKind.AID_APPLICATION: "资助申请",
    RecordKind.DROPOUT_CASE: "失学报告",
    RecordKind.TRAINING_REGISTRATION: "普通话班",
    RecordKind.ESCALATION: "找工作人员",
}


async def title_of(uow: UnitOfWork, row: Record) -> str:
    """The class that was registered for, or what kind of matter it is."""
    if isinstance(row, Registration) and row.session_id is not None:
        session = await uow.trainings.by_id(row.session_id)
        if session is not None:
            return session.title
    return TITLES[RecordKind(row.kind)]
