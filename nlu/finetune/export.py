"""Writes the tuned network as a small int8 ONNX file that onnxruntime reads anywhere."""

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.classify.pieces import Pieces
from nlu.finetune.network import POSITIONS, Network
from nlu.finetune.one_text import for_one_text
from nlu.finetune.tuning import padded


def export(network: Network, pieces: Pieces, path: Path) -> None:
    """Weights become int8, one scale per channel; activations are quantised while running.

    The reduced range keeps sums within 16 bits on processors without VNNI.
    """
    network.eval()
    example = padded([pieces.ids("今天天气怎么样"), pieces.ids("好")], pieces.pad)
    texts = torch.export.Dim("texts")
    length = torch.export.Dim("length", min=2, max=POSITIONS)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network,
            example,
            str(whole),
            input_names=["ids", "mask"],
            output_names=["logits"],
            dynamo=True,
            dynamic_shapes=({0: texts, 1: length}, {0: texts, 1: length}),
            external_data=False,
            verbose=False,
        )
        small = Path(folder) / "small.onnx"
        quantize_dynamic(
            whole,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        layer = network.layers[0]
        onnx.save(for_one_text(onnx.load(small), layer.heads, layer.each), path)
