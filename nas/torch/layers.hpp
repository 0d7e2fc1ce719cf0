#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "nas/plan/layer.hpp"
#include "nas/torch/observer.hpp"

namespace nas {

class BranchSource;
enum class OverAllChannels;
class ProcessGroup;

/// One architecture group's mixture weights for one forward pass.
struct MixtureGroup {
  /// Scalar tensors, [rows * options] row-major.
  std::vector<torch::Tensor> weights;
  int64_t options = 0;
  /// As `weights`; where 0 the option is not computed. Empty: all are.
  std::vector<uint8_t> active;
};

/// The batch that this process' one is a part of, where several train together.
struct SharedBatch {
  int64_t first = 0;  // of our examples in it
  int64_t count = 0;  // of its examples; 0: the batch is whole
  /// Batch norms take the statistics of the whole batch; null: of our part.
  ProcessGroup* statistics = nullptr;
};

/// What layers need to know of the forward pass that they are part of.
struct Pass {
  bool training = false;
  double drop_path = 0;
  /// Weight of a batch's mean and variance in the running ones.
  double batch_norm_momentum = 0.1;
  /// Batch norms compute with the running mean and variance in training, too. Only where nodes run
  /// one by one: with `rewrite`.
  bool fixed_statistics = false;
  std::vector<MixtureGroup> mixture;
  /// Empty: outputs are read as they are.
  NodeRewriter rewrite;
  SharedBatch shared;
};

/// How a weight gets its first values.
struct WeightInit {
  enum class Kind { ones, zeros, normal, uniform };
  Kind kind = Kind::zeros;
  /// Standard deviation or bound.
  double scale = 0;
};

/// Where layers register what they learn, under dotted names.
class WeightTable {
 public:
  virtual ~WeightTable() = default;
  virtual torch::Tensor parameter(const std::string& owner, const std::string& name,
                                  const std::vector<int64_t>& shape, const WeightInit& init) = 0;
  virtual torch::Tensor buffer(const std::string& owner, const std::string& name,
                               const std::vector<int64_t>& shape, const WeightInit& init) = 0;
};

/// A layer ready to run. Holds handles to its weights, which live in the module.
class LayerFunction {
 public:
  virtual ~LayerFunction() = default;
  virtual torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const = 0;
  /// The layer as a sum of branches over its input; null where it is none. Lives as long as it.
  virtual const BranchSource* branch_source(OverAllChannels /*over_all*/) const { return nullptr; }
};

/// The function of one layer of a plan; its weights are registered below `owner`.
std::unique_ptr<LayerFunction> make_layer_function(const Layer& layer, const std::string& owner,
                                                   WeightTable& weights);

/// Replaces the values of its input by max(0, value); only for tensors that nothing else reads.
std::unique_ptr<LayerFunction> make_relu_in_place();

}  // namespace nas
