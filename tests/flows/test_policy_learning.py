"""What the sample questions teach is kept, and learned again when it is damaged or outdated."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from flows.policy import kept as keeping
from flows.policy import learning
from flows.policy.learned import Learned
from flows.policy.loader import load
from flows.policy.sounds import Sounds
from flows.policy.traits import Wordings, traits
from flows.policy.types import Concepts, Sums

WORDINGS = Wordings(
    Concepts(
        concepts={"loan": "贷款", "meals": "午饭|营养餐"},
        same={"什么": "啥"},
        sums=Sums(asked="loan", vague=frozenset(), answer="loan"),
    )
)
SAMPLES = ("贷款去哪里办", "贷款一年能贷多少", "学校午饭要钱吗", "营养餐吃什么")
OWNERS = (0, 0, 1, 1)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "FOLDER", tmp_path / "model")
    return tmp_path / "model"


def _learned(samples: tuple[str, ...] = SAMPLES) -> Learned:
    return keeping.learned(samples, OWNERS, WORDINGS)


def _scores(learned: Learned, text: str) -> list[float]:
    found: list[float] = learned.scores(traits(text, WORDINGS, learned.heard)).tolist()
    return found


def test_questions_find_the_owner_of_like_samples() -> None:
    new = learning.learn(SAMPLES, OWNERS, WORDINGS)
    loan, meals = _scores(new, "贷款怎么办")
    assert loan > 3 * abs(meals)
    loan, meals = _scores(new, "午饭吃什么")
    assert meals > 3 * abs(loan)
    assert _scores(new, "") == [0.0, 0.0]


def test_what_was_kept_scores_the_same(kept: Path) -> None:
    first = _scores(_learned(), "贷款怎么办")
    assert len(list(kept.glob("*.npz"))) == 1
    assert np.allclose(_scores(_learned(), "贷款怎么办"), first)


def test_kept_is_read_and_not_learned_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _learned()
    monkeypatch.setattr(learning, "learn", lambda *_: pytest.fail("learned again"))
    _learned()


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_reads_what_this_one_kept(seed: str) -> None:
    """Sets have another order in each process; the name of the file must not depend on it."""
    ask = (
        "from flows.policy.kept import path_of; from flows.policy.loader import load;"
        "from flows.policy.traits import Wordings;"
        "print(path_of(('a',), (0,), Wordings(load().concepts)).name)"
    )
    env = {**os.environ, "PYTHONHASHSEED": seed}
    told = subprocess.run([sys.executable, "-c", ask], env=env, capture_output=True, check=True)
    here = keeping.path_of(("a",), (0,), Wordings(load().concepts))
    assert told.stdout.decode().strip() == here.name


def test_another_sample_is_learned_and_the_old_file_goes(kept: Path) -> None:
    _learned()
    old = set(kept.glob("*.npz"))
    _learned((*SAMPLES[:3], "中午饭是免费的吗"))
    assert len(list(kept.glob("*.npz"))) == 1
    assert not old & set(kept.glob("*.npz"))


def test_damaged_file_is_made_again(kept: Path) -> None:
    _learned()
    (path,) = kept.glob("*.npz")
    path.write_bytes(path.read_bytes()[:200])
    loan, meals = _scores(_learned(), "贷款怎么办")
    assert loan > meals
    assert Learned.load(path)


def test_a_folder_that_cannot_be_written_does_no_harm(kept: Path) -> None:
    kept.write_text("no folder", "utf-8")
    loan, meals = _scores(_learned(), "贷款怎么办")
    assert loan > meals


def test_characters_sound_as_pypinyin_says_but_for_what_dictation_confuses(kept: Path) -> None:
    for heard in (Sounds.known(), _learned().heard, _learned().heard):  # the last one was kept
        assert [heard.sound(one) for one in "中张生钱绿8a"] == [
            "zon",
            "zan",
            "sen",
            "qian",
            "lv",
            "8",
            "a",
        ]
