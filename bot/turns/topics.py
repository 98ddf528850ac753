"""What a message was part of: a form, a record, or nothing that an officer need see.

A form's topic is made by the dialogue (`flows.talk`) from the message that began it. What is told
about a record outside any form has the record's own topic.
"""

_OF_REPORTS = "dropout:"


def topic_of_turn(conversation_id: int, topic: str) -> str | None:
    """A topic of the dialogue, made unique among conversations."""
    return f"{topic}@{conversation_id}" if topic else None


def topic_of_record(reference: str) -> str:
    """What an officer and the person say to each other about a record, and what is told of it."""
    return f"record:{reference}"


def names_reporter(topic: str) -> bool:
    """Whether the one who speaks is to be kept secret."""
    return topic.startswith(_OF_REPORTS)
