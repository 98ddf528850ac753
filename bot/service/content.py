"""Reads all that colleagues edit when the service starts: what is wrong is told then, not later."""


def load() -> None:
    """Every file once; it stays in memory, where those who need it find it. Raises BadContent."""
    from bot.web.labels import own_labels
    from bot.words import sentences
    from flows.common.my_consents import notices
    from flows.policy import (
        campaigns,
        incidents,
        minors,
        recognition,
        reminders,
        replies,
        retention,
    )
    from flows.policy.loader import load as load_policy
    from flows.words import texts
    from nlu import word_lists
    from nlu.types import BadContent

    for read in (texts, sentences, own_labels, notices, load_policy):
        read()
    reminders.reminder_rules()
    recognition.recognition()
    replies.load_replies()
    campaigns.load_campaigns()
    retention.load_retention()
    incidents.load_incidents()
    minors.load_minors_audit()
    wrong = list(word_lists.check())
    if wrong:
        raise BadContent(*wrong)
