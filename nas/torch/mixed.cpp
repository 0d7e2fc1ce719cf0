#include "nas/torch/mixed.hpp"

#include <utility>
#include <variant>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/kernels/channel_shuffle.hpp"
#include "nas/plan/execution.hpp"
#include "nas/torch/branch_source.hpp"
#include "nas/torch/joined_nodes.hpp"
#include "nas/torch/over_all_channels.hpp"
#include "nas/torch/program.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// An option as one branch.
struct OptionBranch {
  OptionBranch(const NetworkPlan& plan, const LayerFunctions& functions, OverAllChannels over_all)
      : last(last_branch_of(plan, functions, over_all)), before(plan, {last.input}, functions) {}

  LastBranch last;  // what branch_sum() can do itself
  Program before;   // what comes before that
};

struct Option {
  Option(const NetworkPlan& plan, const std::string& prefix, WeightTable& weights)
      : functions(make_layer_functions(plan, prefix, weights)),
        program(plan, {plan.outputs.front()}, functions),
        joined(plan, functions, OverAllChannels::joined),
        apart(plan, functions, OverAllChannels::apart),
        zero(gives_zeros(plan)) {}

  const OptionBranch& with(OverAllChannels over_all) const {
    return over_all == OverAllChannels::joined ? joined : apart;
  }

  LayerFunctions functions;
  Program program;
  OptionBranch joined, apart;
  bool zero;
};

int64_t stride_of(const Branch& branch) {
  if (const auto* pool = std::get_if<PoolBranch>(&branch)) return pool->stride;
  int64_t stride = 1;
  if (const auto* separable = std::get_if<SeparableBranch>(&branch)) {
    for (const SeparableUnit& unit : separable->units) stride *= unit.stride;
  }
  return stride;
}

class MixedFunction final : public LayerFunction {
 public:
  MixedFunction(const Mixed& layer, const std::string& owner, WeightTable& weights)
      : owner_(owner),
        group_(static_cast<size_t>(layer.group)),
        row_(layer.row),
        part_(layer.part),
        options_(make_options(layer, owner, weights)),
        joined_(*this, OverAllChannels::joined),
        apart_(*this, OverAllChannels::apart) {}

  torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override {
    const torch::Tensor& x = inputs[0];
    if (part_ == 1) return mix(x, pass);
    const int64_t channels = x.size(1);
    const int64_t own = channels / part_;
    const torch::Tensor y = mix(x.narrow(1, 0, own), pass);
    torch::Tensor rest = x.narrow(1, own, channels - own);
    if (y.size(2) != x.size(2) || y.size(3) != x.size(3)) {
      rest = at::max_pool2d(rest, 2, 2, 0, 1, /*ceil_mode=*/true);
    }
    return channels_shuffled(at::cat({y, rest * total(pass)}, 1), part_);
  }

  const BranchSource* branch_source(OverAllChannels over_all) const override {
    const Source& source = source_with(over_all);
    return part_ == 1 || source.lets_pass() ? &source : nullptr;
  }

 private:
  static std::vector<std::unique_ptr<Option>> make_options(const Mixed& layer,
                                                           const std::string& owner,
                                                           WeightTable& weights) {
    std::vector<std::unique_ptr<Option>> options;
    for (size_t k = 0; k < layer.options.size(); ++k) {
      options.push_back(
          std::make_unique<Option>(layer.options[k], owner + "." + std::to_string(k), weights));
    }
    return options;
  }

  /// Sum of the row's weights.
  torch::Tensor total(const Pass& pass) const {
    const MixtureGroup& group = mixture(pass);
    const auto first = group.weights.begin() + row_ * group.options;
    return at::stack(std::vector<torch::Tensor>(first, first + group.options)).sum();
  }

  /// What one option makes of x before its branch, where the option is computed.
  class Before final : public LayerFunction {
   public:
    Before(const MixedFunction& mixed, size_t option, const Program& program)
        : mixed_(mixed), option_(option), program_(program) {}
    torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override {
      if (!mixed_.is_active(option_, pass)) return {};
      return program_.run(inputs[0], pass).front();
    }

   private:
    const MixedFunction& mixed_;
    size_t option_;
    const Program& program_;
  };

  /// All options as branches.
  class Source final : public BranchSource {
   public:
    Source(const MixedFunction& mixed, OverAllChannels over_all)
        : mixed_(mixed), over_all_(over_all) {
      for (size_t k = 0; k < mixed.options_.size(); ++k) {
        const OptionBranch& option = mixed.options_[k]->with(over_all);
        over_.push_back(0);
        if (mixed.options_[k]->zero) continue;
        stride_ = stride_of(option.last.branch);
        if (option.last.input == 0) continue;
        before_.push_back(std::make_unique<Before>(mixed, k, option.before));
        over_.back() = before_.size();
      }
    }
    std::vector<const LayerFunction*> before() const override {
      std::vector<const LayerFunction*> functions;
      for (const auto& before : before_) functions.push_back(before.get());
      return functions;
    }
    bool gives_zeros(const Pass& pass) const override {
      for (size_t k = 0; k < over_.size(); ++k) {
        if (mixed_.is_active(k, pass)) return false;
      }
      return true;
    }
    std::vector<Part> parts(const Pass& pass) const override {
      std::vector<Part> parts;
      for (size_t k = 0; k < over_.size(); ++k) {
        if (!mixed_.is_active(k, pass)) continue;
        parts.push_back({over_[k], mixed_.options_[k]->with(over_all_).last.branch});
        std::visit([&](auto& branch) { branch.factor = mixed_.weight(k, pass); },
                   parts.back().branch);
      }
      return parts;
    }

    Passed passed() const override { return {mixed_.part_, stride_}; }
    torch::Tensor passed_factor(const Pass& pass) const override { return mixed_.total(pass); }
    /// Whether passed() holds: all options are branches over one part of the channels.
    bool lets_pass() const { return before_.empty() && stride_ > 0; }

    /// All parts over x and, one by one, those over what comes before them.
    std::vector<BranchInput> inputs(const torch::Tensor& x, const Pass& pass) const {
      std::vector<BranchInput> inputs{{x, {}}};
      for (Part& part : parts(pass)) {
        if (part.over == 0) {
          inputs.front().branches.push_back(std::move(part.branch));
        } else {
          inputs.push_back(
              {before_[part.over - 1]->forward({&x, 1}, pass), {std::move(part.branch)}});
        }
      }
      if (inputs.front().branches.empty()) inputs.erase(inputs.begin());
      return inputs;
    }

   private:
    const MixedFunction& mixed_;
    OverAllChannels over_all_;
    std::vector<std::unique_ptr<Before>> before_;
    std::vector<size_t> over_;  // by option
    int64_t stride_ = 0;        // of all options that compute something
  };

  const Source& source_with(OverAllChannels over_all) const {
    return over_all == OverAllChannels::joined ? joined_ : apart_;
  }

  bool is_active(size_t option, const Pass& pass) const {
    const MixtureGroup& group = mixture(pass);
    const size_t at = static_cast<size_t>(row_ * group.options) + option;
    return !options_[option]->zero && (group.active.empty() || group.active[at] != 0);
  }
  const torch::Tensor& weight(size_t option, const Pass& pass) const {
    const MixtureGroup& group = mixture(pass);
    return group.weights[static_cast<size_t>(row_ * group.options) + option];
  }

  torch::Tensor mix(const torch::Tensor& x, const Pass& pass) const {
    const Source& source = source_with(over_all_channels_for(x));
    if (source.gives_zeros(pass)) return zeros(x, pass);
    if (!branch_sum_takes(x, pass)) return one_by_one(x, pass);
    return branch_sum(source.inputs(x, pass), norm_pass(pass));
  }

  torch::Tensor one_by_one(const torch::Tensor& x, const Pass& pass) const {
    torch::Tensor sum;
    for (size_t k = 0; k < options_.size(); ++k) {
      if (!is_active(k, pass)) continue;
      const torch::Tensor y = options_[k]->program.run(x, pass).front();
      if (sum.defined()) {
        sum.addcmul_(y, weight(k, pass));
      } else {
        sum = y * weight(k, pass);
      }
    }
    return sum;
  }

  const MixtureGroup& mixture(const Pass& pass) const {
    const auto options = static_cast<int64_t>(options_.size());
    if (group_ < pass.mixture.size()) {
      const MixtureGroup& group = pass.mixture[group_];
      const auto count = static_cast<int64_t>(group.weights.size());
      if (group.options == options && (row_ + 1) * options <= count) return group;
    }
    throw RunError(owner_ + ": no mixture weights for group " + std::to_string(group_) + ", row " +
                   std::to_string(row_) + " of " + std::to_string(options) +
                   " options; set_mixture comes before forward");
  }

  torch::Tensor zeros(const torch::Tensor& x, const Pass& pass) const {
    for (const auto& option : options_) {
      if (option->zero) return option->program.run(x, pass).front();
    }
    throw RunError(owner_ + ": no option is active and none of them is zero");
  }

  std::string owner_;
  size_t group_;
  int64_t row_;
  int64_t part_;
  std::vector<std::unique_ptr<Option>> options_;
  Source joined_, apart_;
};

}  // namespace

std::unique_ptr<LayerFunction> make_mixed(const Mixed& layer, const std::string& owner,
                                          WeightTable& weights) {
  return std::make_unique<MixedFunction>(layer, owner, weights);
}

}  // namespace nas
