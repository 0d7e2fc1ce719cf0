#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "nas/plan/network.hpp"
#include "nas/plan/operations.hpp"

namespace nas {

/// What a layer of `enas_macro` may do.
struct EnasOperation {
  enum class Kind { convolution, separable, average_pool, max_pool };
  std::string_view name;
  Kind kind;
  int64_t kernel;
};

/// In the order of the notation.
inline constexpr std::array<EnasOperation, 6> kEnasOperations{
    {{"conv_3x3", EnasOperation::Kind::convolution, 3},
     {"sep_conv_3x3", EnasOperation::Kind::separable, 3},
     {"conv_5x5", EnasOperation::Kind::convolution, 5},
     {"sep_conv_5x5", EnasOperation::Kind::separable, 5},
     {"avg_pool_3x3", EnasOperation::Kind::average_pool, 3},
     {"max_pool_3x3", EnasOperation::Kind::max_pool, 3}}};

/// As the branches of the published code: a 1x1 convolution, then the operation.
NetworkPlan enas_branch(const EnasOperation& operation, const OperationSetting& setting);

/// A convolution with its batch norm, named `name.conv` and `name.bn`.
struct ConvBn {
  Convolution convolution;
  std::string name;
  bool affine = true;
};

int64_t add_conv_bn(PlanBuilder& plan, int64_t input, const ConvBn& layers);

/// Of stride 1; height and width stay.
Convolution same_convolution(int64_t in, int64_t out, int64_t kernel);

/// Outputs of the stem and the layers, each brought to a smaller size when a later layer first
/// reads it there, by a factorized reduction of its own.
class EnasStates {
 public:
  struct Width {
    int64_t channels = 0;
    int64_t growth = 1;  // at a reduction
    bool affine = true;
  };

  EnasStates(PlanBuilder& plan, const Width& width) : plan_(plan), width_(width) {}

  void push(int64_t node) { nodes_[{count_++, level_}] = node; }
  /// All that is read from here on is one size smaller.
  void reduce() { ++level_; }

  /// What a layer is built for at the present size.
  OperationSetting setting() const {
    return {channels_at(level_), channels_at(level_), 1, width_.affine};
  }
  /// The node of a state at the present size.
  int64_t at(int64_t state) { return at(state, level_); }
  int64_t last() { return at(count_ - 1); }

 private:
  int64_t channels_at(int64_t level) const;
  int64_t at(int64_t state, int64_t level);

  PlanBuilder& plan_;
  Width width_;
  int64_t level_ = 0;
  int64_t count_ = 0;
  std::map<std::pair<int64_t, int64_t>, int64_t> nodes_;  // by state and level
};

}  // namespace nas
