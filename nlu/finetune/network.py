"""The encoder as a PyTorch network: twelve BERT layers, mean pooling, one linear head."""

import math

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from nlu.finetune.e5_file import E5File, Floats, Shape

POSITIONS = 128  # more than a text ever has pieces
DROPOUT = 0.1
_HIDDEN = -1e4  # added to the attention that padding would get


class Layer(nn.Module):
    """Self-attention and a feed-forward block, each followed by a sum and a normalisation."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.each = shape.heads, shape.width // shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.joined = nn.Linear(shape.width, shape.width)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.after_attention = nn.LayerNorm(shape.width, shape.epsilon)
        self.after_feed = nn.LayerNorm(shape.width, shape.epsilon)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """`x`: texts x pieces x width; `bias`: 0 where a piece may be attended to."""
        texts, length, width = x.shape
        parts = self.qkv(x).view(texts, length, 3, self.heads, self.each)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        weights = (query @ key.transpose(-1, -2) / math.sqrt(self.each) + bias).softmax(-1)
        attended = (self.drop(weights) @ value).transpose(1, 2).reshape(texts, length, width)
        x = self.after_attention(x + self.drop(self.joined(attended)))
        fed: Tensor = self.outer(functional.gelu(self.inner(x)))
        normal: Tensor = self.after_feed(x + self.drop(fed))
        return normal


class Network(nn.Module):
    """Ids and mask to one logit per label."""

    def __init__(self, shape: Shape, pieces: int, labels: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, shape.width)
        self.places = nn.Embedding(POSITIONS, shape.width)
        self.normal = nn.LayerNorm(shape.width, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.drop = nn.Dropout(DROPOUT)
        self.head = nn.Linear(shape.width, labels)
        self.register_buffer("middle", torch.zeros(shape.width))
        self.register_buffer("spread", torch.ones(shape.width))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """`ids` and `mask`: texts x pieces, whole numbers; the mask is 1 where a piece is."""
        scaled = (self.vectors(ids, mask) - self.middle) / self.spread
        logits: Tensor = self.head(self.drop(scaled))
        return logits

    def vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """One unit vector a text."""
        x = self.words(ids) + self.places(torch.arange(ids.shape[1], device=ids.device))
        x = self.drop(self.normal(x))
        seen = mask.to(x.dtype)
        bias = (1.0 - seen)[:, None, None, :] * _HIDDEN
        for layer in self.layers:
            x = layer(x, bias)
        pooled = (x * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
        return functional.normalize(pooled.float(), dim=-1)


def from_e5(file: E5File, old_ids: list[int], labels: int, layers: int | None = None) -> Network:
    """The pretrained network with the pieces that were kept and a head that knows nothing yet.

    `layers` keeps only the first so many, for quick tests.
    """
    shape = file.shape
    if layers is not None:
        shape = Shape(**{**vars(shape), "layers": layers})
    network = Network(shape, len(old_ids), labels)
    with torch.no_grad():
        _fill_embeddings(network, file, old_ids)
        for number, layer in enumerate(network.layers):
            _fill_layer(layer, file, f"l{number}")
        nn.init.zeros_(network.head.weight)
        nn.init.zeros_(network.head.bias)
    return network


def _fill_embeddings(network: Network, file: E5File, old_ids: list[int]) -> None:
    width = file.shape.width
    places = file.vector("emb.pos").reshape(-1, width)[:POSITIONS]
    network.words.weight.copy_(_tensor(file.matrix("emb.word", width)[old_ids]))
    network.places.weight.copy_(_tensor(places + file.vector("emb.type")[:width]))
    network.normal.weight.copy_(_tensor(file.vector("emb.ln.w")))
    network.normal.bias.copy_(_tensor(file.vector("emb.ln.b")))


def _fill_layer(layer: nn.Module, file: E5File, name: str) -> None:
    width, inner = file.shape.width, file.shape.inner
    for what, weight in (("weight", "w"), ("bias", "b")):
        read = file.vector if weight == "b" else lambda key: file.matrix(key, width)
        parts = [read(f"{name}.{part}.{weight}") for part in ("q", "k", "v")]
        getattr(layer.qkv, what).copy_(_tensor(np.concatenate(parts)))
    for module, key, columns in (
        (layer.joined, "ao", width),
        (layer.inner, "fi", width),
        (layer.outer, "fo", inner),
    ):
        module.weight.copy_(_tensor(file.matrix(f"{name}.{key}.w", columns)))
        module.bias.copy_(_tensor(file.vector(f"{name}.{key}.b")))
    for module, key in ((layer.after_attention, "aln"), (layer.after_feed, "oln")):
        module.weight.copy_(_tensor(file.vector(f"{name}.{key}.w")))
        module.bias.copy_(_tensor(file.vector(f"{name}.{key}.b")))


def _tensor(values: Floats) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))
