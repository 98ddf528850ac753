"""Learns from sample questions which entry a question belongs to (kernel ridge regression)."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.linalg import solve
from scipy.sparse import csr_array

from flows.policy.learned import Floats, Learned, Places, Vocabulary
from flows.policy.sounds import Sounds
from flows.policy.traits import Traits, Wordings, traits

_RIDGE = 0.5  # chosen by leaving one sample out
_STEP = 512  # samples that are compared at once


def learn(samples: Sequence[str], owners: Sequence[int], wordings: Wordings) -> Learned:
    """Learn anew; an owner is 1 for its own samples and 0 for all others."""
    heard = Sounds.known()
    counted = [traits(sample, wordings, heard) for sample in samples]
    vocabulary = _vocabulary(counted)
    rows = csr_array(_matrix(counted, vocabulary))
    of = np.array(owners, dtype=np.int32)
    wanted = np.zeros((len(of), int(of.max()) + 1), dtype=np.float32)
    wanted[np.arange(len(of)), of] = 1.0
    found = solve(_likeness(rows), wanted, assume_a="pos", overwrite_a=True, overwrite_b=True)
    columns = rows.tocsc()
    return Learned(
        vocabulary,
        heard,
        starts=columns.indptr.astype(np.int32),
        samples=columns.indices.astype(np.int32),
        strengths=columns.data,
        owners=of,
        solution=np.ascontiguousarray(found, dtype=np.float32),
    )


def _vocabulary(counted: Sequence[Traits]) -> Vocabulary:
    seen = Counter(b + t for one in counted for b, block in one.items() for t in block)
    total = len(counted)
    shared = {key: n for key, n in seen.items() if n > 1}
    rarity = [math.log((1 + total) / (1 + n)) + 0.2 for n in shared.values()]
    places = {key: place for place, key in enumerate(shared)}
    return Vocabulary(places, np.array(rarity, np.float32), math.log((1 + total) / 2) + 0.2)


def _matrix(counted: Sequence[Traits], vocabulary: Vocabulary) -> csr_array:
    """One row a sample, one column a trait."""
    weights: list[float] = []
    places: list[int] = []
    ends = [0]
    for one in counted:
        found, strengths = vocabulary.vector(one)
        places += found
        weights += strengths
        ends.append(len(places))
    data: Floats = np.array(weights, dtype=np.float32)
    columns: Places = np.array(places, dtype=np.int32)
    shape = (len(counted), len(vocabulary.places))
    return csr_array((data, columns, np.array(ends, dtype=np.int32)), shape=shape)


def _likeness(rows: csr_array) -> Floats:
    """How alike any two samples are; each is wholly like itself, its unshared traits included."""
    size = rows.shape[0]
    others = rows.T.tocsc()
    alike = np.zeros((size, size), dtype=np.float32, order="F")
    for start in range(0, size, _STEP):
        part = slice(start, start + _STEP)
        alike[:, part] = (others.T @ others[:, part]).toarray()
    np.fill_diagonal(alike, 1.0 + _RIDGE)
    return alike
