"""Fine-tunes the encoder on labelled sentences: cross-entropy, and two passes that must agree.

R-Drop: each sentence goes through twice with other dropout, and the two answers are drawn together.
"""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from nlu.finetune.network import Network

Say = Callable[[str], None]
_WARM_UP = 0.1  # share of the steps in which the learning rate rises
_LONGEST_STEP = 1.0  # norm to which gradients are clipped
_SORTED_TOGETHER = 24  # batches whose sentences are sorted by length, to pad little


@dataclass(frozen=True)
class Recipe:
    """How to fine-tune; the defaults were chosen on sentences that no test knows."""

    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    agreement: float = 1.0  # weight of R-Drop
    seed: int = 0


def gently(recipe: Recipe) -> Recipe:
    """At the rate for a network that is tuned already: it must not forget."""
    return replace(recipe, rate=recipe.rate * 0.4, head_rate=recipe.head_rate * 0.2)


@dataclass(frozen=True)
class Batch:
    """Sentences of like length, each with the number of its label."""

    ids: Tensor
    mask: Tensor
    labels: Tensor


def tune(
    network: Network,
    sentences: Sequence[list[int]],
    labels: Sequence[int],
    pad: int,
    recipe: Recipe,
    say: Say,
) -> None:
    """Train in place; says how each epoch went and how long is left."""
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    optimizer = _optimizer(network, recipe)
    steps = recipe.epochs * math.ceil(len(sentences) / recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _pace(step, steps))
    weights = _class_weights(labels)
    started = time.monotonic()
    for epoch in range(recipe.epochs):
        network.train()
        losses = []
        for batch in batches(sentences, labels, pad, recipe.batch, chance):
            loss = _loss(network, batch, weights, recipe.agreement)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), _LONGEST_STEP)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
        spent = time.monotonic() - started
        left = spent / (epoch + 1) * (recipe.epochs - epoch - 1)
        mean = sum(losses) / len(losses)
        say(f"第 {epoch + 1}/{recipe.epochs} 轮，损失 {mean:.4f}，还要约 {left / 60:.0f} 分钟")


def batches(
    sentences: Sequence[list[int]],
    labels: Sequence[int],
    pad: int,
    size: int,
    chance: random.Random,
) -> Iterator[Batch]:
    """All sentences in random order, neighbours of like length together."""
    order = list(range(len(sentences)))
    chance.shuffle(order)
    groups = []
    for start in range(0, len(order), size * _SORTED_TOGETHER):
        chunk = sorted(
            order[start : start + size * _SORTED_TOGETHER], key=lambda i: len(sentences[i])
        )
        groups += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    chance.shuffle(groups)
    for group in groups:
        ids, mask = padded([sentences[i] for i in group], pad)
        yield Batch(ids, mask, torch.tensor([labels[i] for i in group]))


def padded(sentences: Sequence[list[int]], pad: int) -> tuple[Tensor, Tensor]:
    """Ids and mask of sentences side by side."""
    ids = torch.full((len(sentences), max(map(len, sentences))), pad)
    for row, sentence in enumerate(sentences):
        ids[row, : len(sentence)] = torch.tensor(sentence)
    return ids, (ids != pad).long()


def logits_of(
    network: Network, sentences: Sequence[list[int]], pad: int, size: int = 128
) -> Tensor:
    """The logits of many sentences, in their order."""
    network.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    found = []
    with torch.inference_mode():
        for start in range(0, len(order), size):
            chunk = [sentences[i] for i in order[start : start + size]]
            found.append(network(*padded(chunk, pad)))
    return torch.cat(found)[torch.tensor(order).argsort()]


def _loss(network: Network, batch: Batch, weights: Tensor, agreement: float) -> Tensor:
    ids, mask = batch.ids.repeat(2, 1), batch.mask.repeat(2, 1)
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(ids, mask)
    logits = logits.float()
    loss = functional.cross_entropy(logits, batch.labels.repeat(2), weight=weights)
    one, other = logits.log_softmax(-1).chunk(2)
    return loss + agreement * 0.5 * (_divergence(one, other) + _divergence(other, one))


def _divergence(one: Tensor, other: Tensor) -> Tensor:
    return functional.kl_div(one, other, reduction="batchmean", log_target=True)


def _class_weights(labels: Sequence[int]) -> Tensor:
    """Rare labels count more, by the root of how rare they are; 1 on average over sentences."""
    counts = torch.bincount(torch.tensor(labels)).float().clamp(min=1)
    weights = counts.rsqrt()
    return weights * len(labels) / (weights * counts).sum()


def standardise(network: Network, sentences: Sequence[list[int]], pad: int) -> None:
    """e5 vectors lie close together: the head sees them spread out, as they were before tuning."""
    network.eval()
    with torch.inference_mode():
        found = [
            network.vectors(*padded(sentences[start : start + 128], pad))
            for start in range(0, len(sentences), 128)
        ]
    vectors = torch.cat(found)
    network.middle.copy_(vectors.mean(0))
    network.spread.copy_(vectors.std(0) + 1e-6)


def _optimizer(network: Network, recipe: Recipe) -> torch.optim.Optimizer:
    """Everything learns but the embeddings: pieces we never see must keep their meaning."""
    network.words.weight.requires_grad_(False)
    network.places.weight.requires_grad_(False)
    body = [weight for layer in network.layers for weight in layer.parameters()]
    body += list(network.normal.parameters())
    head = list(network.head.parameters())
    groups = [{"params": body, "lr": recipe.rate}, {"params": head, "lr": recipe.head_rate}]
    return torch.optim.AdamW(groups, weight_decay=0.01)


def _pace(step: int, steps: int) -> float:
    """Up in the first tenth, then down to nothing."""
    return min((step + 1) / (_WARM_UP * steps), max(0.0, (steps - step) / ((1 - _WARM_UP) * steps)))
