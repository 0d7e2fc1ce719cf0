#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

struct ReinforceOptions;

struct PolicySetting {
  int64_t hidden = 64;
  int64_t embedding = 32;
  uint64_t seed = 0;
  /// Of the logits, and what bounds them (see ReinforceOptions).
  double temperature = 1;
  double tanh_constant = 0;
};

PolicySetting policy_setting(const ReinforceOptions& options, uint64_t seed);

/// A point and how much better than expected it was.
struct Experience {
  Point point;
  double advantage = 0;
};

/// Of a group of points, float [points] each, differentiable by the policy.
struct Likelihood {
  torch::Tensor log_probabilities;
  /// Sums over the decisions of a point.
  torch::Tensor entropies;
};

/// The controller network of Zoph & Le 2017: an LSTM that decides one active choice a step, its
/// input the decision before and which choice comes next; choices with equally many options share
/// one softmax head. Choices that are not active are stepped over. On the CPU, in float32.
class LstmPolicy {
 public:
  /// Throws UsageError naming a choice that cannot be decided among at most 64 values.
  LstmPolicy(const Choices& choices, const PolicySetting& setting);

  /// A point drawn from the policy.
  Point sample(RandomStream& random) const;

  Likelihood likelihood(std::span<const Point> points) const;

  /// - mean over the points of (advantage * log probability + entropy_weight * entropy).
  torch::Tensor loss(std::span<const Experience> experience, double entropy_weight) const;

  /// All parameters by name, sharing storage.
  const NamedTensors& parameters() const { return parameters_; }

 private:
  struct Head {
    torch::Tensor weight;  // [options, hidden]
    torch::Tensor bias;    // [options]
  };
  /// Decisions of a group of points, [steps, points], 0 where a point has fewer.
  struct Sequences {
    torch::Tensor tokens;
    torch::Tensor choices;
    /// Of decisions with this many options: where they stand (step * points + point), what was
    /// decided, and of which point.
    struct Targets {
      std::vector<int64_t> positions;
      std::vector<int64_t> options;
      std::vector<int64_t> points;
    };
    std::map<int64_t, Targets> by_cardinality;
  };

  /// hidden [rows, hidden] -> [rows, count].
  torch::Tensor logits(int64_t count, const torch::Tensor& hidden) const;
  torch::Tensor make(const std::string& name, std::vector<int64_t> shape,
                     const at::Generator& generator);
  Sequences sequences(std::span<const Point> points) const;
  int64_t option_of(size_t choice, const Value& value) const;
  Value value_of(size_t choice, int64_t option) const;

  Choices choices_;
  int64_t hidden_;
  double temperature_;
  double tanh_constant_;
  std::vector<int64_t> cardinalities_;
  std::vector<int64_t> first_token_;  // of each choice's options; token 0 starts a sequence
  NamedTensors parameters_;
  torch::Tensor tokens_;     // [1 + sum of cardinalities, embedding]
  torch::Tensor positions_;  // [choices, embedding]
  std::vector<torch::Tensor>
      lstm_;  // input and hidden weights and biases, gates in LibTorch's order
  std::map<int64_t, Head> heads_;
};

}  // namespace nas
