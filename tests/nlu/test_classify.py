"""The in-process classifier: what it learns, keeps, survives, and how it reads its sentences."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from nlu.classify import encoder, local
from nlu.classify.features import grams, plain
from nlu.classify.local import LazyClassifier, LocalClassifier, model_path
from nlu.classify.regression import fit
from nlu.classify.training import Example, check, read
from nlu.classify.weights import Weights
from nlu.types import Intent

AID = [
    "我想给孩子申请助学金",
    "家里困难想申请补助",
    "怎么申请助学金啊",
    "给娃办个困难补助",
    "申请生活补助",
]
DROPOUT = ["孩子不念书了", "学生辍学了", "娃好几天没来上学", "他不想上学了", "班里有个孩子不来了"]
WEATHER = ["今天天气怎么样", "明天下雨吗", "外面冷不冷", "讲个笑话", "给我唱首歌"]


def write(folder: Path, intent: str, sentences: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"    - {sentence}\n" for sentence in sentences)
    text = f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n{lines}'
    (folder / f"{intent}.yml").write_text(text, "utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "intents"
    write(folder, "apply_aid", AID)
    write(folder, "report_dropout", DROPOUT)
    write(folder, "out_of_scope", WEATHER)
    return folder


def test_what_officers_judged_is_learned_when_it_is_taken_in(data: Path, tmp_path: Path) -> None:
    models, learned = tmp_path / "models", tmp_path / "desk" / "learned.yml"
    learned.parent.mkdir()
    write(learned.parent, "deny", ["嘎嘎咕咕"] * 40)
    (learned.parent / "deny.yml").rename(learned)
    before = LocalClassifier.load(data, models)
    assert not local.take_in(tmp_path / "nowhere.yml", models)
    kept = model_path(data, models)
    assert local.take_in(learned, models)
    assert model_path(data, models) != kept
    after = LocalClassifier.load(data, models)
    assert before.classify("嘎嘎咕咕").ranking[0][0] is not Intent.DENY
    assert after.classify("嘎嘎咕咕").ranking[0][0] is Intent.DENY


def test_it_learns_and_keeps_what_it_learnt(data: Path, tmp_path: Path) -> None:
    models = tmp_path / "model"
    first = LocalClassifier.load(data, models)
    assert model_path(data, models).exists()
    again = LocalClassifier.load(data, models)
    for text, intent in (
        ("帮我申请一下助学金", Intent.APPLY_AID),
        ("有个娃不上学了", Intent.REPORT_DROPOUT),
        ("后天天气好吗", Intent.OUT_OF_SCOPE),
    ):
        ranking = first.classify(text).ranking
        assert ranking[0][0] is intent
        assert sum(score for _, score in ranking) == pytest.approx(1)
        assert [score for _, score in ranking] == sorted((s for _, s in ranking), reverse=True)
        assert again.classify(text) == first.classify(text)


def test_new_sentences_mean_a_new_model(data: Path, tmp_path: Path) -> None:
    models = tmp_path / "model"
    LocalClassifier.load(data, models)
    old = model_path(data, models)
    write(data, "thank", ["谢谢", "多谢了", "太感谢了", "谢谢老师", "感谢"])
    assert LocalClassifier.load(data, models).classify("谢谢您").ranking[0][0] is Intent.THANK
    assert not old.exists()


@pytest.mark.parametrize("rubbish", [b"", b"not an archive", b"PK\x03\x04broken"])
def test_a_damaged_model_is_trained_anew(data: Path, tmp_path: Path, rubbish: bytes) -> None:
    path = model_path(data, tmp_path)
    path.write_bytes(rubbish)
    classifier = LocalClassifier.load(data, tmp_path)
    assert classifier.classify("申请助学金").ranking[0][0] is Intent.APPLY_AID
    assert Weights.load(path).labels


def test_a_folder_that_cannot_be_written_is_survived(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "model"
    blocked.write_text("a file, not a folder")
    classifier = LocalClassifier.load(data, blocked)
    assert classifier.classify("申请助学金").ranking[0][0] is Intent.APPLY_AID
    assert "只放在内存里" in capsys.readouterr().err


def test_without_sentences_everything_is_out_of_scope(tmp_path: Path) -> None:
    classifier = LocalClassifier.load(tmp_path / "none", tmp_path / "model")
    assert classifier.classify("申请助学金").ranking == ((Intent.OUT_OF_SCOPE, 0.0),)


def test_two_intents_are_enough(tmp_path: Path) -> None:
    examples = [Example(text, "apply_aid") for text in AID]
    examples += [Example(text, "report_dropout") for text in DROPOUT]
    scores = fit(examples).scores("申请助学金")
    assert scores is not None
    assert scores[0] > 0.6


def test_text_of_unknown_grams_has_no_scores(data: Path) -> None:
    assert fit(read(data)).scores("ॐ") is None


def test_a_homophone_is_understood(data: Path, tmp_path: Path) -> None:
    classifier = LocalClassifier.load(data, tmp_path)
    assert classifier.classify("深请住学金").ranking[0][0] is Intent.APPLY_AID


def test_features_fold_numbers_and_know_concepts() -> None:
    assert plain("电话13948123456，3个人？") == "电话nn 0个人?"
    assert "k1aid" in grams("助学金")["k"]
    assert grams("。。。") == {}


def test_lazy_classifier_loads_once(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = Weights(
        labels=("thank", "help"),
        index={"c1谢": 0},
        idf=np.ones(1, dtype=np.float32),
        coefficients=np.array([[2.0, -2.0]], dtype=np.float32),
        bias=np.zeros(2, dtype=np.float32),
        temperature=1.0,
        unknown_idf=0.1,
    )
    loads: list[int] = []

    def load() -> LocalClassifier:
        loads.append(1)
        return LocalClassifier(weights)

    monkeypatch.setattr(local.LocalClassifier, "load", load)
    lazy = LazyClassifier()
    assert lazy.classify("谢").ranking[0][0] is Intent.THANK
    lazy.classify("谢")
    assert loads == [1]


def test_inference_needs_no_scikit_learn(data: Path, tmp_path: Path) -> None:
    LocalClassifier.load(data, tmp_path)
    code = (
        "import sys; from pathlib import Path; from nlu.classify.local import LocalClassifier;"
        f"LocalClassifier.load(Path({str(data)!r}), Path({str(tmp_path)!r})).classify('申请');"
        "sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_classifying_is_quick(data: Path, tmp_path: Path) -> None:
    classifier = LocalClassifier.load(data, tmp_path)
    times = []
    for number in range(50):
        started = time.perf_counter()
        classifier.classify(f"我想给我们家老{number}申请助学金，家里一直困难，谁来管一管")
        times.append(time.perf_counter() - started)
    assert sorted(times)[25] < 0.005


def test_reading_takes_the_marks_off(tmp_path: Path) -> None:
    text = (
        'version: "3.1"\nnlu:\n- intent: apply_aid\n  examples: |\n'
        "    - 给[苏日娜](child_name)申请\n"
        '    - 上[初二]{"entity": "grade", "value": "初中二年级"}\n    -\n- lookup: x\n'
        "- intent: fly_away\n  examples: |\n    - 飞\n"
    )
    (tmp_path / "a.yml").write_text(text, "utf-8")
    (tmp_path / "b.yml").write_text("[broken", "utf-8")
    assert read(tmp_path) == [
        Example("给苏日娜申请", "apply_aid", ("child_name",)),
        Example("上初二", "apply_aid", ("grade",)),
    ]


def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, "apply_aid", [f"申请{number}号" for number in range(40)])
    write(tmp_path, "thank", ["谢谢", "谢谢", "申请3号", "[x](planet)"])
    write(tmp_path, "fly_away", ["飞"])
    (tmp_path / "broken.yml").write_text("[broken", "utf-8")
    (tmp_path / "other.yml").write_text("rules: []", "utf-8")
    problems = "\n".join(check(tmp_path))
    for expected in (
        "broken.yml：读不了",
        "other.yml：不是 Rasa",
        "不认识的意图 fly_away",
        "不认识的实体 planet",
        "意图 thank 里重复的例句：“谢谢”",
        "“申请3号”同时属于 apply_aid 和 thank",
        "意图 thank 只有 4 条",
        "意图 greet 没有例句",
    ):
        assert expected in problems
    assert "意图 apply_aid 只有" not in problems
    assert "找不到例句文件夹" in check(tmp_path / "none")[0]


SIGNS = "草羊牛马车门书字饭水火山河旗村路桥灯笔纸"
LONG = "给[苏日娜](child_name)家的老二办今年的困难补助"
LIKE = {
    "one word more": "给苏日娜家的老二办今年的困难补助吧",
    "one character misheard": "给苏日那家的老二办今年的困难补助",
    "other script, other punctuation": "給蘇日娜家的老二,辦今年的困難補助!",
}
UNLIKE = {
    "another wish": "苏日娜家老二的补助今年不办了",
    "short, misheard": "给娃办补住",
    "twice the same is a message of its own": LONG,
}


@pytest.mark.parametrize("second", LIKE.values(), ids=LIKE)
def test_check_refuses_sentences_that_hardly_differ(tmp_path: Path, second: str) -> None:
    write(tmp_path, "apply_aid", [LONG, "给娃办补助", second])
    near = [problem for problem in check(tmp_path) if "几乎一样" in problem]
    assert near == [
        "意图 apply_aid 里几乎一样的例句："
        f"“给苏日娜家的老二办今年的困难补助”和“{second}”，留一条就够了。"
    ]


@pytest.mark.parametrize("second", UNLIKE.values(), ids=UNLIKE)
def test_check_lets_different_and_short_sentences_be(tmp_path: Path, second: str) -> None:
    write(tmp_path, "apply_aid", [LONG, "给娃办补助", second])
    write(tmp_path, "thank", ["给苏日娜家的老二办今年的困难补助了"])
    assert not [problem for problem in check(tmp_path) if "几乎一样" in problem]


def test_characters_are_read_one_to_four_at_a_time_with_marks_at_both_ends() -> None:
    one = ("c1撤", "c1了", "c2^撤", "c2撤了", "c2了$", "c3^撤了", "c3撤了$", "c4^撤了$")
    assert grams("撤了")["c"] == dict.fromkeys(one, 1)


def test_the_shipped_network_reads_one_text_at_a_time() -> None:
    """A network fresh out of PyTorch moves more numbers about: see nlu.finetune.one_text."""
    file = str(encoder.FOLDER / encoder.NETWORK)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    assert [given.shape[0] for given in session.get_inputs()] == [1, 1]
