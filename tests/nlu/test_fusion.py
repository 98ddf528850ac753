"""Encoder and n-grams deciding together."""

import numpy as np

from nlu.classify.fusion import Fusion, softmax


def test_probabilities_add_up_for_one_and_for_many() -> None:
    logits = np.array([[2.0, 0.0, -1.0], [0.0, 0.0, 5.0]])
    others = np.full((2, 3), 1 / 3)
    many = Fusion().together(logits, others)
    assert np.allclose(many.sum(axis=1), 1)
    assert np.allclose(Fusion().together(logits[0], others[0]), many[0])


def test_a_share_of_nothing_leaves_the_others() -> None:
    others = np.array([0.2, 0.7, 0.1])
    assert np.allclose(Fusion(share=0.0).together(np.array([9.0, 0, 0]), others), others, atol=1e-6)


def test_sharpness_changes_how_sure_but_not_what() -> None:
    logits, others = np.array([1.0, 0.5, 0.0]), np.array([0.5, 0.3, 0.2])
    soft, sharp = (Fusion(sharpness=s).together(logits, others) for s in (1.0, 3.0))
    assert soft.argmax() == sharp.argmax() == 0
    assert sharp.max() > soft.max()


def test_fitting_trusts_the_one_that_is_right() -> None:
    chance = np.random.default_rng(1)
    truth = chance.integers(0, 4, 200)
    good = np.eye(4)[truth] * 6 + chance.normal(size=(200, 4))
    noise = softmax(chance.normal(size=(200, 4)) * 3)
    assert Fusion.fitted(good, noise, truth).share >= 0.8
    fitted = Fusion.fitted(np.log(noise), softmax(good), truth)
    assert fitted.share <= 0.6


def test_fitting_makes_confidence_match_hit_rate() -> None:
    chance = np.random.default_rng(2)
    truth = chance.integers(0, 3, 3000)
    wrong = chance.random(3000) < 0.3
    seen = np.where(wrong, (truth + 1) % 3, truth)
    logits = np.eye(3)[seen] * 20  # always certain, right in seven cases of ten
    others = softmax(np.eye(3)[seen] * 20)
    found = Fusion.fitted(logits, others, truth).together(logits, others)
    assert abs(found.max(axis=1).mean() - 0.7) < 0.05
