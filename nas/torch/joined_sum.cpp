#include "nas/torch/joined_sum.hpp"

#include <algorithm>
#include <utility>

#include "nas/torch/branch_source.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

class JoinedSum final : public LayerFunction {
 public:
  JoinedSum(std::vector<JoinedTerm> terms, const LayerFunction* add)
      : terms_(std::move(terms)), add_(add) {}

  torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override {
    const bool taken = std::all_of(inputs.begin(), inputs.end(), [&](const torch::Tensor& x) {
      return branch_sum_takes(x, pass);
    });
    if (taken) {
      auto parts = parts_of(inputs, pass);
      if (!parts.empty()) return branch_sum(std::move(parts), norm_pass(pass));
    }
    return one_by_one(inputs, pass);
  }

 private:
  /// What is not zero, gathered by input.
  std::vector<BranchInput> parts_of(std::span<const torch::Tensor> inputs, const Pass& pass) const {
    std::vector<BranchInput> parts;
    for (size_t i = 0; i < terms_.size(); ++i) {
      const BranchSource* source = terms_[i].source;
      auto own = source == nullptr ? std::vector<BranchInput>{{inputs[i], {IdentityBranch{}}}}
                                   : source->parts(inputs[i], pass);
      for (BranchInput& part : own) add(std::move(part), parts);
    }
    return parts;
  }

  static void add(BranchInput part, std::vector<BranchInput>& parts) {
    const auto same = std::find_if(parts.begin(), parts.end(), [&](const BranchInput& other) {
      return other.x.is_same(part.x);
    });
    if (same == parts.end()) {
      parts.push_back(std::move(part));
    } else {
      std::move(part.branches.begin(), part.branches.end(), std::back_inserter(same->branches));
    }
  }

  torch::Tensor one_by_one(std::span<const torch::Tensor> inputs, const Pass& pass) const {
    std::vector<torch::Tensor> values;
    for (size_t i = 0; i < terms_.size(); ++i) {
      const LayerFunction* function = terms_[i].function;
      values.push_back(function == nullptr ? inputs[i] : function->forward({&inputs[i], 1}, pass));
    }
    return add_->forward(values, pass);
  }

  std::vector<JoinedTerm> terms_;
  const LayerFunction* add_;
};

}  // namespace

std::unique_ptr<LayerFunction> make_joined_sum(std::vector<JoinedTerm> terms,
                                               const LayerFunction* add) {
  return std::make_unique<JoinedSum>(std::move(terms), add);
}

}  // namespace nas
