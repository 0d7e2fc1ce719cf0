"""The splits of nas/data/split.cpp again, to judge others on the same examples."""

import math

MASK32 = (1 << 32) - 1
MASK64 = (1 << 64) - 1
WEYL = (0x9E3779B9, 0xBB67AE85)


def halves(number):
    return number & MASK32, number >> 32


def philox4x32(counter, key):
    """Philox4x32-10 (Salmon et al. 2011)."""
    counter, key = list(counter), list(key)
    for _ in range(10):
        low0, high0 = halves(0xD2511F53 * counter[0])
        low1, high1 = halves(0xCD9E8D57 * counter[2])
        counter = [high1 ^ counter[1] ^ key[0], low1, high0 ^ counter[3] ^ key[1], low0]
        key = [(part + weyl) & MASK32 for part, weyl in zip(key, WEYL)]
    return counter


class RandomStream:
    """As nas/core/random.hpp."""

    def __init__(self, seed, purpose, index):
        purpose_hash = 0xCBF29CE484222325
        for byte in purpose.encode():
            purpose_hash = ((purpose_hash ^ byte) * 0x100000001B3) & MASK64
        self.key = philox4x32([*halves(seed), *halves(purpose_hash)], WEYL)[:2]
        self.index, self.block, self.buffer = index, 0, []

    def bits(self):
        if not self.buffer:
            words = philox4x32([*halves(self.block), *halves(self.index)], self.key)
            self.block += 1
            self.buffer = [words[1] << 32 | words[0], words[3] << 32 | words[2]]
        return self.buffer.pop()

    def below(self, bound):
        remainder = (MASK64 + 1 - bound) % bound
        number = self.bits()
        while number < remainder:
            number = self.bits()
        return number % bound

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]


def take_stratified(labels, count, seed, purpose):
    """Indices taken and left, of classes 0, 1, ..., in rising order."""
    classes = [[i for i, label in enumerate(labels) if label == c] for c in range(max(labels) + 1)]
    quotas = [len(members) * count // len(labels) for members in classes]
    order = sorted(range(len(classes)),
                   key=lambda c: (-(len(classes[c]) * count % len(labels)), c))
    for c in order[:count - sum(quotas)]:
        quotas[c] += 1
    taken, left = [], []
    for c, members in enumerate(classes):
        RandomStream(seed, purpose, c).shuffle(members)
        taken += members[:quotas[c]]
        left += members[quotas[c]:]
    return sorted(taken), sorted(left)


def test_and_rest(labels, split_seed, share=0.2):
    """What `data.test` holds out, and what may be trained and validated on."""
    count = math.floor(share * len(labels) + 0.5)
    return take_stratified(labels, count, split_seed, "data.test")


def take_fold(labels, fold, folds, seed, purpose):
    """Indices of part `fold` of `folds`, and the others, in rising order."""
    taken, left, dealt = [], [], 0
    for c in range(max(labels) + 1):
        members = [i for i, label in enumerate(labels) if label == c]
        RandomStream(seed, purpose, c).shuffle(members)
        for index in members:
            (taken if dealt % folds == fold else left).append(index)
            dealt += 1
    return sorted(taken), sorted(left)


def test_fold_and_rest(labels, split_seed, fold, folds):
    """The test data of `data.folds` and `data.fold`, and what may be trained and validated on."""
    return take_fold(labels, fold, folds, split_seed, "data.folds")
