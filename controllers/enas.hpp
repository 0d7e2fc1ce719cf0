#pragma once

#include <cstdint>
#include <memory>

#include "controllers/reinforce.hpp"
#include "nas/search/controller.hpp"
#include "nas/train/train_config.hpp"

namespace nas {

class Section;

/// Defaults of the published search for cells on CIFAR-10, its cosine without restarts; the bound
/// on the policy's logits is the paper's, its code has bounds of 1.1 (inputs) and 0.44
/// (operations).
struct EnasOptions {
  EnasOptions();

  /// Of the shared weights.
  TrainConfig training;
  ReinforceOptions policy;
  /// Updates of the policy after each epoch of the weights.
  int64_t policy_steps = 30;
  /// Share of the training split that trains the weights; the rest rewards the policy.
  double train_portion = 0.9;
  /// Points drawn from the policy at the end, of which the best on the validation split is derived.
  int64_t candidates = 10;
  /// Batches that their batch norms are recalibrated on.
  int64_t recalibration_batches = 20;
  /// Independent searches; each one's derived point is evaluated.
  int64_t restarts = 1;
};

void describe(Section& section, EnasOptions& options);

/// The half of ENAS (Pham et al. 2018) that knows no tensors: proposes jobs that train a supernet
/// and its policy, then evaluates what they derived.
std::unique_ptr<Controller> make_enas(const EnasOptions& options, const SearchContext& context);

}  // namespace nas
