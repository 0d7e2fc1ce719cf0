#pragma once

#include <cstdint>

#include "nas/evaluate/zero_cost/subject.hpp"

namespace nas {

/// The Zen-score (Lin et al. 2021, algorithm 1, as their code measures it): weights and
/// `batch_size` inputs x standard normal, f the features that the global average pool reads, batch
/// norm in training mode; log of the mean over examples of |f(x) - f(x + 0.01 e)|_1, plus for each
/// batch norm the log of the root of the mean over channels of the variance that it divides by. A
/// batch norm that reads a constant scales nothing and is left out. Skip connections stay: where
/// they are what a space chooses, a network without them is another candidate.
double zen(const ProxySubject& subject, int64_t batch_size);

}  // namespace nas
