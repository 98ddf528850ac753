"""Shortens the exported network for what it is used for: one text at a time.

Between the products of a layer PyTorch writes some ten steps that only move numbers about, for
many texts and their padding. For one text three transpositions do, which onnxruntime takes into
its products. The arithmetic stays as it is, so every logit stays the same to the last bit.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, helper, numpy_helper

_OWN = "com.microsoft"  # onnxruntime's own steps
_NORMAL = "LayerNormalization"
_THREE, _PARTS, _WHOLE = "one_text_three", "one_text_parts", "one_text_whole"


def for_one_text(model: ModelProto, heads: int, each: int) -> ModelProto:
    """The model with a shorter attention; it reads no batches any more."""
    graph = model.graph
    for name, values in (
        (_THREE, [heads] * 3),
        (_PARTS, [-1, 3 * heads, each]),
        (_WHOLE, [1, -1, heads * each]),
    ):
        graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
    nodes = list(_with_sums(_attending(graph)))
    _keep(graph, nodes)
    for given in graph.input:
        given.type.tensor_type.shape.dim[0].dim_value = 1
    if all(known.domain != _OWN for known in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_OWN, 1))
    return model


def _attending(graph: GraphProto) -> Iterator[NodeProto]:
    """All steps, those of each attention exchanged for the short ones."""
    users: defaultdict[str, list[NodeProto]] = defaultdict(list)
    for node in graph.node:
        for name in node.input:
            users[name].append(node)
    left_out: set[str] = set()
    short: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        if node.op_type == "Reshape" and node.name not in left_out:
            inside, last = _until_joined(node, users)
            left_out |= {step.name for step in inside}
            short[last.name] = list(_attention(node.input[0], inside, last.output[0]))
    for node in graph.node:
        if node.name in short:
            yield from short[node.name]
        elif node.name not in left_out:
            yield node


def _until_joined(
    first: NodeProto, users: dict[str, list[NodeProto]]
) -> tuple[list[NodeProto], NodeProto]:
    """The steps from the one that parts the heads to the one that joins them again."""
    inside, last, waiting = [first], first, [*users[first.output[0]]]
    while waiting:
        node = waiting.pop(0)
        if node in inside:
            continue
        inside.append(node)
        if node.op_type == "Reshape":
            last = node
        else:
            waiting += [user for name in node.output for user in users[name]]
    return inside, last


def _attention(taken: str, inside: list[NodeProto], given: str) -> Iterator[NodeProto]:
    """Query, key and value, heads first; `inside` knows what their products are divided by."""
    (division,) = (node for node in inside if node.op_type == "Div")

    def step(kind: str, inputs: list[str], outputs: list[str], **how: object) -> NodeProto:
        names = [name if name == given else f"{given}_{name}" for name in outputs]
        return helper.make_node(kind, inputs, names, name=names[0], **how)

    def own(name: str) -> str:
        return f"{given}_{name}"

    yield step("Reshape", [taken, _PARTS], ["parts"])
    yield step("Split", [own("parts"), _THREE], ["q", "k", "v"], axis=1)
    yield step("Transpose", [own("q")], ["query"], perm=[1, 0, 2])
    yield step("Transpose", [own("k")], ["key"], perm=[1, 2, 0])
    yield step("Transpose", [own("v")], ["value"], perm=[1, 0, 2])
    yield step("MatMul", [own("query"), own("key")], ["products"])
    yield step("Div", [own("products"), division.input[1]], ["scaled"])
    yield step("Softmax", [own("scaled")], ["weights"], axis=-1)
    yield step("MatMul", [own("weights"), own("value")], ["attended"])
    yield step("Transpose", [own("attended")], ["by_piece"], perm=[1, 0, 2])
    yield step("Reshape", [own("by_piece"), _WHOLE], [given])


def _with_sums(nodes: Iterator[NodeProto]) -> Iterator[NodeProto]:
    """Sum and normalisation as one step, as onnxruntime joins them where it knows the shapes."""
    seen: dict[str, NodeProto] = {}
    for node in nodes:
        seen[node.output[0]] = node
        added = seen.get(node.input[0]) if node.op_type == _NORMAL else None
        earlier = seen.get(added.input[0]) if added and added.op_type == "Add" else None
        if added is None or earlier is None or earlier.op_type != _NORMAL:
            yield node  # also the one after the embeddings, which are of two shapes
            continue
        inputs, how = [*added.input, *node.input[1:]], {a.name: a.f for a in node.attribute}
        yield helper.make_node(
            "SkipLayerNormalization",
            inputs,
            node.output,
            name=node.name,
            domain=_OWN,
            epsilon=how["epsilon"],
        )


def _keep(graph: GraphProto, nodes: list[NodeProto]) -> None:
    """Only the steps, and the weights, that the logits come from."""
    wanted = {result.name for result in graph.output}
    kept: list[NodeProto] = []
    for node in reversed(nodes):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    weights = [weight for weight in graph.initializer if weight.name in wanted]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(reversed(kept))
    graph.initializer.extend(weights)
