"""The list of sentences that were not understood."""

from datetime import date

from sqlalchemy import text

from storage.db import Database
from storage.repositories.misheard import NOWHERE, Heard

DAY, LATER = date(2026, 11, 23), date(2026, 11, 30)
ASKED = Heard("那个钱咋整", "not_understood", "apply_aid", 0.31, "ask_policy")


async def test_the_same_sentence_again_is_counted(any_db: Database) -> None:
    async with any_db.write() as uow:
        await uow.misheard.note(ASKED, "152222", DAY)
        await uow.misheard.note(ASKED, "152222", LATER)
        await uow.misheard.note(ASKED, "150422", LATER)
    async with any_db.read() as uow:
        [row] = await uow.misheard.page("waiting", "152222", False)
        assert (row.text, row.times, row.first_on, row.last_on) == ("那个钱咋整", 2, DAY, LATER)
        assert (row.guess, row.runner_up, row.chosen) == ("apply_aid", "ask_policy", None)


async def test_a_judged_sentence_stays_judged(any_db: Database) -> None:
    async with any_db.write() as uow:
        await uow.misheard.note(ASKED, "152222", DAY)
        [row] = await uow.misheard.page("waiting", "152222", False)
        row.status = "dropped"
    async with any_db.write() as uow:
        await uow.misheard.note(ASKED, "152222", LATER)
        await uow.misheard.hint(ASKED.text, "152222", "apply_aid")
    async with any_db.read() as uow:
        assert await uow.misheard.count("waiting", "150000", True) == 0
        row = (await uow.misheard.page("dropped", "150000", True))[0]
        assert (row.times, row.chosen) == (1, None)


async def test_places_are_kept_apart_and_the_most_frequent_comes_first(any_db: Database) -> None:
    async with any_db.write() as uow:
        for words, place in (
            ("甲甲", "152222"),
            ("乙乙", "152222"),
            ("丙丙", NOWHERE),
            ("丁", "15"),
        ):
            await uow.misheard.note(Heard(words, "corrected", "greet", 0.5), place, DAY)
        await uow.misheard.note(Heard("乙乙", "corrected", "greet", 0.5), "152222", DAY)
        await uow.misheard.hint("甲甲", "152222", "find_training")
    async with any_db.read() as uow:
        here = await uow.misheard.page("waiting", "152200", False)
        assert [(row.text, row.chosen) for row in here] == [
            ("乙乙", None),
            ("甲甲", "find_training"),
        ]
        assert len(await uow.misheard.page("waiting", "152222", True)) == 3
        assert await uow.misheard.count("waiting", "150422", False) == 0


async def test_old_sentences_are_forgotten_and_labels_kept(any_db: Database) -> None:
    async with any_db.write() as uow:
        await uow.misheard.note(ASKED, "152222", DAY)
        await uow.misheard.note(Heard("咋学", "corrected", "greet", 0.5), "152222", DAY)
        [first, _] = await uow.misheard.page("waiting", "152222", False)
        first.status, first.label = "labelled", "ask_policy"
    async with any_db.write() as uow:
        assert await uow.misheard.forget(("waiting", "dropped"), LATER) == 1
        assert [row.label for row in await uow.misheard.labelled()] == ["ask_policy"]


async def test_the_sentence_is_encrypted(db: Database) -> None:
    async with db.write() as uow:
        await uow.misheard.note(ASKED, "152222", DAY)
        stored = (await uow.session.execute(text("SELECT text, text_key FROM misheard"))).one()
    assert "钱" not in "".join(stored)
