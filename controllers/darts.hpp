#pragma once

#include <cstdint>
#include <memory>

#include "nas/data/augment_config.hpp"
#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// Differentiable search (Liu et al. 2019); defaults are the published ones for CIFAR-10.
struct DartsOptions {
  /// 1: first order; 2: the architecture's gradient through one step of the weights.
  int64_t order = 1;
  int64_t epochs = 50;
  int64_t batch_size = 64;
  double learning_rate = 0.025;
  double final_learning_rate = 0.001;
  double momentum = 0.9;
  double weight_decay = 3e-4;
  /// Largest norm of all weight gradients together.
  double gradient_clip = 5;
  double architecture_learning_rate = 3e-4;
  double architecture_weight_decay = 1e-3;
  /// Share of the training split that trains the weights; the rest trains the architecture.
  double train_portion = 0.5;
  /// Independent searches; each one's derived point is evaluated.
  int64_t restarts = 1;
  AugmentConfig augment;
};

void describe(Section& section, DartsOptions& options);

/// The half of the search that knows no tensors: proposes `restarts` jobs that train a supernet,
/// then each different derived point once for evaluation.
std::unique_ptr<Controller> make_darts(const DartsOptions& options, const SearchContext& context);

}  // namespace nas
