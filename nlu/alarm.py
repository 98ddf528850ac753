"""How sure a classifier must be of danger: rules and classifier raise the alarm together.

The rules know words; the classifier knows what a sentence is about (大冷天光脚站院里). A missed
danger may cost a child and a false alarm costs a call, so a mere second guess is enough, unless
the sentence answers a question: 被同学笑话 is then a reason, not a cry for help.
"""

from nlu.types import Context, Intent

PERHAPS = 0.35  # beats any other wish
WHILE_ANSWERING = 0.9
OF_THE_PAST = 0.1  # what is told as long gone (小时候挨过打) needs at least a trace of danger

Ranking = tuple[tuple[Intent, float], ...]


def danger_in(ranking: Ranking) -> float:
    """How sure the classifier is of danger."""
    return dict(ranking).get(Intent.REPORT_EMERGENCY, 0.0)


def may_be_danger(ranking: Ranking, context: Context) -> bool:
    """Whether danger is likely enough to go before every other wish."""
    return danger_in(ranking) >= (WHILE_ANSWERING if context.expecting else PERHAPS)


def danger_first(ranking: Ranking) -> Ranking:
    """The ranking with danger before the guess that seemed likelier."""
    return tuple(sorted(ranking, key=lambda pair: pair[0] != Intent.REPORT_EMERGENCY))


def calm(ranking: Ranking) -> Ranking:
    """The ranking without danger; as it is when there is nothing else in it."""
    return tuple(pair for pair in ranking if pair[0] != Intent.REPORT_EMERGENCY) or ranking


def is_alarm(ranking: Ranking, context: Context) -> bool:
    """Whether this ranking calls a human at once."""
    return (
        bool(ranking)
        and ranking[0][0] is Intent.REPORT_EMERGENCY
        and may_be_danger(ranking, context)
    )
