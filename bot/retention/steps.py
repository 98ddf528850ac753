"""Every step of a night, in order: what one step gives up the later ones carry away."""

from bot.retention import accounts, lists, people, photos, records, talks
from bot.retention.step import Step

STEPS: tuple[Step, ...] = (
    *records.STEPS,
    *talks.STEPS,
    *photos.STEPS,
    *lists.STEPS,
    *people.STEPS,
    *accounts.STEPS,
)
BY_NAME = {step.name: step for step in STEPS}
