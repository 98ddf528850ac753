"""Makes the shipped encoder again; run by `make encoder` in its own environment."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from nlu.classify import training
from nlu.classify.encoder import FOLDER
from nlu.classify.local import MODEL_FOLDER
from nlu.classify.regression import fit
from nlu.evaluate import read_labelled
from nlu.finetune.making import digest, learn, learn_further, write
from nlu.finetune.tuning import Recipe, gently
from nlu.finetune.words import our_words


def main(
    development: Annotated[
        Path, typer.Argument(exists=True, help="带标签的句子，训练时不看，只用来定置信度。")
    ],
    folder: Annotated[Path, typer.Option(help="写到哪里。")] = FOLDER,
    epochs: Annotated[int, typer.Option(help="训练几轮。")] = Recipe.epochs,
    seeds: Annotated[int, typer.Option(help="训练几次，取权重的平均。")] = 1,
    agreement: Annotated[float, typer.Option(help="两次随机遮挡要一致的权重。")] = Recipe.agreement,
    layers: Annotated[int | None, typer.Option(help="只留前几层，试验用。")] = None,
    further: Annotated[bool, typer.Option(help="接着已有的编码器学，新句子不多时用。")] = False,
) -> None:
    """用 nlu/data/intents 的例句微调句子编码器，写成 int8 的 ONNX 文件。"""
    examples = [*training.read(), *training.read(MODEL_FOLDER)]  # with what officers judged
    recipe = Recipe(epochs=epochs, agreement=agreement)
    if further:
        tuned = learn_further(examples, gently(recipe), _say)
    else:
        tuned = learn(examples, recipe, _say, words=our_words(), seeds=seeds, layers=layers)
    ngrams = fit(examples, _say)
    pairs = [(row.text, row.intent) for row in read_labelled(development, datetime.now(UTC))]
    fusion = write(tuned, ngrams, pairs, digest(examples), folder)
    size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    _say(f"写好了：{folder.name}，{size:.1f} MB，{fusion}")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
