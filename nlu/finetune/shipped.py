"""Reads the shipped int8 file back into a network that can be tuned further."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from nlu.finetune.e5_file import Floats, Shape
from nlu.finetune.network import Network

_SUFFIX = "_quantized"
_PARTS = ("qkv", "joined", "inner", "outer")  # the order in which a layer multiplies


def from_shipped(path: Path, shape: Shape) -> Network:
    """The network of a file that `export` wrote, of e5's shape; int8 lost a little of it."""
    values = {t.name: numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    words, places = _restored(values, "words.weight"), _restored(values, "places.weight")
    products = [
        _restored(values, name.removesuffix(_SUFFIX))
        for name in values
        if name.endswith(_SUFFIX) and not name.startswith(("words.", "places."))
    ]
    layers = len(products) // len(_PARTS)
    network = Network(replace(shape, layers=layers), len(words), products[-1].shape[1])
    names = [f"layers.{at}.{part}.weight" for at in range(layers) for part in _PARTS]
    state = {key: value for key, value in values.items() if key in network.state_dict()}
    state |= {"words.weight": words, "places.weight": places}
    state |= {
        name: product.T for name, product in zip([*names, "head.weight"], products, strict=True)
    }
    network.load_state_dict(
        {key: torch.from_numpy(np.array(value, np.float32)) for key, value in state.items()}
    )
    return network


def _restored(values: dict[str, Floats], name: str) -> Floats:
    """The weights of a quantised matrix: one scale for all, or one a column."""
    whole = values[name + _SUFFIX].astype(np.float32)
    zero = values[f"{name}_zero_point"].astype(np.float32)
    return np.asarray((whole - zero) * values[f"{name}_scale"], dtype=np.float32)
