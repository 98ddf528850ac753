"""Makes the shipped encoder again: sentences in, network, vocabulary and labels out."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from nlu.classify.encoder import ABOUT, FOLDER, NETWORK, VOCABULARY, About, Encoder, readable
from nlu.classify.fusion import Fusion
from nlu.classify.pieces import Pieces
from nlu.classify.training import Example
from nlu.classify.weights import Weights
from nlu.finetune.e5_file import E5File, find_e5
from nlu.finetune.export import export
from nlu.finetune.network import Network, from_e5
from nlu.finetune.shipped import from_shipped
from nlu.finetune.tuning import Recipe, Say, standardise, tune
from nlu.finetune.vocabulary import chinese_words, prune


@dataclass(frozen=True)
class Tuned:
    """A network that learned these labels, with the pieces it reads."""

    network: Network
    pieces: Pieces
    labels: tuple[str, ...]


def learn(
    examples: Sequence[Example],
    recipe: Recipe,
    say: Say,
    *,
    words: Sequence[str] = (),
    seeds: int = 1,
    layers: int | None = None,
) -> Tuned:
    """Fine-tune on labelled sentences; of several seeds the weights are averaged.

    `words` are kept whole where the vocabulary can. `layers` keeps only the first so many.
    """
    texts = [readable(example.text) for example in examples]
    labels = tuple(sorted({example.intent for example in examples}))
    number = {label: place for place, label in enumerate(labels)}
    file = E5File(find_e5())
    pieces, old_ids = prune(file.pieces, [*chinese_words(), *words, *texts])
    say(f"{len(texts)} 句话，{len(labels)} 类；词表 {len(file.pieces.texts)} → {len(old_ids)}")
    sentences = [pieces.ids(text) for text in texts]
    targets = [number[example.intent] for example in examples]
    networks = []
    for seed in range(recipe.seed, recipe.seed + seeds):
        network = from_e5(file, old_ids, len(labels), layers)
        standardise(network, sentences, pieces.pad)
        tune(network, sentences, targets, pieces.pad, replace(recipe, seed=seed), say)
        networks.append(network)
    return Tuned(averaged(networks), pieces, labels)


def learn_further(
    examples: Sequence[Example], recipe: Recipe, say: Say, folder: Path = FOLDER
) -> Tuned:
    """Tune what lies in the folder a little more: minutes, where few sentences are new.

    Its labels and pieces stay; a new intent needs `learn`.
    """
    about = About.load(folder / ABOUT)
    pieces = Pieces.from_json((folder / VOCABULARY).read_text("utf-8"))
    number = {label: place for place, label in enumerate(about.labels)}
    sentences = [pieces.ids(readable(example.text)) for example in examples]
    targets = [number[example.intent] for example in examples]
    network = from_shipped(folder / NETWORK, E5File(find_e5()).shape)
    say(f"{len(sentences)} 句话，接着 {about.made_from} 往下学")
    tune(network, sentences, targets, pieces.pad, recipe, say)
    return Tuned(network, pieces, about.labels)


def averaged(networks: Sequence[Network]) -> Network:
    """One network with the mean of the weights: as good as a vote, at the price of one."""
    first = networks[0]
    if len(networks) > 1:
        states = [network.state_dict() for network in networks]
        mean = {key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]}
        first.load_state_dict(mean)
    return first


def write(
    tuned: Tuned,
    ngrams: Weights,
    development: Sequence[tuple[str, str]],
    made_from: str,
    folder: Path = FOLDER,
) -> Fusion:
    """Write the folder; temperature, share and sharpness are chosen on the development sentences.

    Those are (text, label) pairs that neither part was trained on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    export(tuned.network, tuned.pieces, folder / NETWORK)
    (folder / VOCABULARY).write_text(tuned.pieces.to_json() + "\n", "utf-8")
    about = About(tuned.labels, Fusion(), made_from)
    encoder = Encoder(folder / NETWORK, tuned.pieces, about)
    texts = [text for text, _ in development]
    truth = np.array([tuned.labels.index(label) for _, label in development])
    logits = np.stack([encoder.logits(text) for text in texts])
    others = np.stack([ngrams.scores_of(text, tuned.labels) for text in texts])
    fusion = Fusion.fitted(logits, others, truth)
    data = {"labels": list(tuned.labels), "fusion": vars(fusion), "made_from": made_from}
    (folder / ABOUT).write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return fusion


def digest(examples: Sequence[Example]) -> str:
    """A short name of exactly these sentences."""
    lines = sorted(f"{example.intent}\t{example.text}" for example in examples)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:16]
