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
      auto branches = source == nullptr ? std::vector<Branch>{IdentityBranch{}}
                                        : source->branches(inputs[i], pass);
      if (branches.empty()) continue;
      const auto same = std::find_if(parts.begin(), parts.end(), [&](const BranchInput& part) {
        return part.x.is_same(inputs[i]);
      });
      BranchInput& part =
          same == parts.end() ? parts.emplace_back(BranchInput{inputs[i], {}}) : *same;
      std::move(branches.begin(), branches.end(), std::back_inserter(part.branches));
    }
    return parts;
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
