#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "controllers/elite_evolution.hpp"
#include "nas/data/augment_config.hpp"
#include "nas/search/controller.hpp"
#include "nas/search/elastic.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

class Section;

/// One part of progressive shrinking, with a learning rate that falls to 0 by a cosine.
struct ShrinkingPhase {
  int64_t epochs = 1;
  double warmup_epochs = 0;
  double learning_rate = 0.03;
  /// Random networks of each step.
  int64_t networks = 1;
  /// What the phase sets free, beside what earlier ones did.
  std::vector<Opening> open;
};

/// Progressive shrinking (Cai et al. 2020); defaults as published with it, learning rates for 64
/// examples a step.
struct OnceForAllOptions {
  /// Of the largest network, which is trained alone first.
  ShrinkingPhase largest{180, 5, 0.08, 0, {}};
  std::vector<ShrinkingPhase> phases;
  int64_t batch_size = 64;
  OptimizerConfig optimizer;
  double label_smoothing = 0.1;
  /// Largest norm of all gradients together; 0: no clipping.
  double gradient_clip = 0;
  /// Weight of the cross entropy with the outputs of the largest network, as it was trained alone.
  double distillation = 1;
  /// Each step trains the largest and the smallest network, too (Yu & Huang 2019, section 3.1).
  bool sandwich = true;
  /// Smaller kernels are linear functions of larger ones, learned a layer.
  bool kernel_transforms = true;
  /// Channels are sorted by importance before a phase that takes some away.
  bool sort_channels = true;
  AugmentConfig augment;
  EliteEvolutionOptions evolution;

  OnceForAllOptions();
};

void describe(Section& section, OnceForAllOptions& options);

/// The half of the search that knows no tensors: proposes one job that trains the shared network,
/// then the points of an evolution, to be scored with its weights.
std::unique_ptr<Controller> make_once_for_all(const OnceForAllOptions& options,
                                              const SearchContext& context);

}  // namespace nas
