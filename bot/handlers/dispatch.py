"""The one way in for every change: command to handler, inside the caller's transaction."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy.orm.exc import StaleDataError

from bot.errors import Conflict
from bot.handlers import (
    amending,
    answering,
    applications,
    asking,
    campaigns,
    cases,
    classes,
    closing,
    correcting,
    filing,
    joining,
    officers,
    outreach,
    papers,
    paying,
    people,
    persuading,
    privacy,
    publishing,
    reminders,
    returning,
    revealing,
    snoozing,
    supervising,
    training,
    transfers,
)
from bot.handlers.acting import Acting, Outcome
from bot.rights.actor import Actor
from flows import commands as c
from storage.errors import ReferenceTaken, Stale
from storage.uow import UnitOfWork

Handler: TypeAlias = Callable[[Acting, Any], Awaitable[Outcome]]

HANDLERS: Mapping[type[c.Command], Handler] = {
    c.FileRecord: filing.file_record,
    c.BookTraining: training.book_training,
    c.AmendRecord: amending.amend_record,
    c.JoinRecord: amending.join_record,
    c.ReportReturn: amending.report_return,
    c.CorrectAnswer: correcting.correct_answer,
    c.RefuseCorrection: correcting.refuse_correction,
    c.Withdraw: applications.withdraw,
    c.RecordConsent: people.record_consent,
    c.WithdrawConsent: privacy.withdraw_consent,
    c.ShowMyData: privacy.show_my_data,
    c.CompleteConsent: people.complete_consent,
    c.UpdatePerson: people.update_person,
    c.LinkOfficer: people.link_officer,
    c.DeleteMyData: privacy.delete_my_data,
    c.OfferJoin: joining.offer_join,
    c.JoinPeople: joining.join_people,
    c.SetReminder: reminders.set_reminder,
    c.AnswerReminder: answering.answer_reminder,
    c.GivePlace: classes.give_place,
    c.MarkAttendance: classes.mark_attendance,
    c.TakePlace: training.claim_place,
    c.MoveRegistration: training.move_registration,
    c.CancelReminder: reminders.cancel_reminder,
    c.SwitchReminders: reminders.switch_reminders,
    c.MuteReminders: reminders.mute_reminders,
    c.PauseReminders: reminders.pause_reminders,
    c.SetPushHour: reminders.set_push_hour,
    c.SharePhone: reminders.share_phone,
    c.Assign: officers.assign,
    c.Reply: officers.reply,
    c.HandBack: officers.hand_back,
    c.Reveal: revealing.reveal,
    c.AddNote: cases.add_note,
    c.LogVisit: persuading.log_visit,
    c.VerifyCase: persuading.verify_case,
    c.NameResponsible: persuading.name_responsible,
    c.SetFamilyPlan: persuading.set_family_plan,
    c.KeepPaper: persuading.keep_paper,
    c.MarkDuplicate: closing.mark_duplicate,
    c.CheckAttendance: returning.check_attendance,
    c.Escalate: cases.escalate,
    c.TransferRecord: transfers.transfer_record,
    c.AcceptTransfer: transfers.accept_transfer,
    c.RejectTransfer: transfers.reject_transfer,
    c.AskFamily: asking.ask_family,
    c.Supervise: supervising.supervise,
    c.LiftSupervision: supervising.lift_supervision,
    c.Snooze: snoozing.snooze,
    c.RecordReturn: returning.record_return,
    c.RequestClose: closing.request_close,
    c.ApproveClose: closing.approve_close,
    c.DeclineClose: closing.decline_close,
    c.Reopen: closing.reopen,
    c.AcceptApplication: applications.accept_application,
    c.AcceptDocument: papers.accept_document,
    c.ReturnForCorrection: papers.return_for_correction,
    c.SetLevel: applications.set_level,
    c.PublishApplication: publishing.publish_application,
    c.RecordObjection: publishing.record_objection,
    c.SettleObjection: publishing.settle_objection,
    c.MarkPaid: paying.mark_paid,
    c.CorrectPayment: paying.correct_payment,
    c.ApproveApplication: applications.approve_application,
    c.RejectApplication: applications.reject_application,
    c.JudgeMatch: outreach.judge_match,
    c.NoteOutreach: outreach.note_outreach,
    c.CompareAgain: outreach.compare_again,
    c.DropList: outreach.drop,
    c.DraftCampaign: campaigns.draft,
    c.TryCampaign: campaigns.try_out,
    c.ApproveCampaign: campaigns.approve,
    c.StartCampaign: campaigns.start,
    c.StopCampaign: campaigns.stop,
}


async def handle(uow: UnitOfWork, command: c.Command, by: Actor, now: datetime) -> Outcome:
    """Make one change. Raises NotFound, NotAllowed, Conflict or Refused and then changed nothing.

    The caller rolls the transaction back on an error.
    """
    try:
        result = await HANDLERS[type(command)](Acting(uow, by, now), command)
        await uow.session.flush()
    except (Stale, StaleDataError, ReferenceTaken) as error:
        raise Conflict from error
    return result
