#include "nas/kernels/branch_run.hpp"

#include <algorithm>

#include "nas/kernels/branch_backward.hpp"
#include "nas/kernels/branch_forward.hpp"
#include "nas/kernels/unit_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor channels_last(const torch::Tensor& x) {
  return x.contiguous(torch::MemoryFormat::ChannelsLast);
}

double value_of(const torch::Tensor& factor) {
  return factor.defined() ? factor.item<double>() : 1.0;
}

SeparableShape shape_of(const SeparableUnit& unit, const torch::Tensor& input) {
  SeparableShape shape{input.size(2), input.size(3), input.size(1), unit.pointwise.size(0),
                       unit.kernel,   unit.stride,   unit.dilation};
  if (!unit.depthwise.defined()) shape.spread = Spread::none;
  if (unit.over_all_channels()) shape.spread = Spread::tiles;
  if (unit.shifted.defined()) {
    shape.spread = Spread::diagonals;
    shape.out_channels += unit.shifted.size(0);
  }
  return shape;
}

template <class T>
UnitRun<T> unit_run(const SeparableUnit& unit, const torch::Tensor& input) {
  UnitRun<T> run;
  run.unit = unit;
  run.shape = shape_of(unit, input);
  run.frame = run.shape.frame();
  run.kernels = &cpu_kernels<T>(run.shape.in_channels);
  run.in = padded(run.shape.in_channels, run.kernels->lanes);
  run.spread = run.shape.spread_channels(run.in);
  run.out = padded(run.shape.out_channels, run.kernels->lanes);
  if (unit.depthwise.defined()) {
    run.depthwise = pack_depthwise<T>(unit.depthwise.detach(), run.in, /*flipped=*/false);
  }
  run.pointwise = pack_pointwise<T>(unit, {run.in, run.spread, run.out}, /*transposed=*/false);
  run.z = torch::empty(
      {input.size(0), run.shape.out_channels, run.shape.out_height(), run.shape.out_width()},
      input.options(), torch::MemoryFormat::ChannelsLast);
  return run;
}

}  // namespace

template <class T>
BranchSumRun<T>::BranchSumRun(std::span<const BranchInput> inputs, const NormPass& pass)
    : pass_(pass) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    const torch::Tensor x = channels_last(inputs[i].x.detach());
    for (const Branch& branch : inputs[i].branches) {
      BranchRun<T>& run = branches_.emplace_back();
      run.input = i;
      run.x = x;
      std::visit([&](const auto& kind) { add(kind, run); }, branch);
    }
  }
  share_frames();
}

/// The first units of all branches over one input share a frame, wide enough for each.
template <class T>
void BranchSumRun<T>::share_frames() {
  std::vector<int64_t> widest;
  for (const BranchRun<T>& branch : branches_) {
    widest.resize(std::max(widest.size(), branch.input + 1));
    if (branch.units.empty()) continue;
    widest[branch.input] = std::max(widest[branch.input], branch.units.front().frame);
  }
  for (BranchRun<T>& branch : branches_) {
    if (!branch.units.empty()) branch.units.front().frame = widest[branch.input];
  }
}

template <class T>
void BranchSumRun<T>::add(const SeparableBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  for (const SeparableUnit& unit : branch.units) {
    run.units.push_back(unit_run<T>(unit, run.units.empty() ? run.x : run.units.back().z));
  }
  run.y = run.units.back().z;
}

template <class T>
void BranchSumRun<T>::add(const PoolBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  run.pool = branch;
  run.norm = branch.norm;
  const torch::Tensor& x = run.x;
  const PoolShape shape = pool_shape(run);
  run.y = torch::empty({x.size(0), x.size(1), shape.out_height(), shape.out_width()}, x.options(),
                       torch::MemoryFormat::ChannelsLast);
}

template <class T>
void BranchSumRun<T>::add(const IdentityBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  run.identity = true;
  run.norm = branch.norm;
  run.y = run.x;
}

template <class T>
torch::Tensor BranchSumRun<T>::forward() {
  return branch_forward<T>({branches_, pass_});
}

template <class T>
BranchSumGradients BranchSumRun<T>::backward(const torch::Tensor& g, bool weights) {
  return branch_backward<T>({branches_, channels_last(g), weights});
}

template <class T>
template <class Visit>
void BranchSumRun<T>::visit_tensors(Visit visit) {
  for (BranchRun<T>& branch : branches_) {
    visit(branch.x);
    visit(branch.y);
    for (UnitRun<T>& unit : branch.units) visit(unit.z);
  }
}

template <class T>
std::vector<torch::Tensor> BranchSumRun<T>::take_tensors() {
  std::vector<torch::Tensor> tensors;
  visit_tensors([&](torch::Tensor& tensor) { tensors.push_back(std::move(tensor)); });
  return tensors;
}

template <class T>
void BranchSumRun<T>::give_back(const std::vector<torch::Tensor>& tensors) {
  size_t next = 0;
  visit_tensors([&](torch::Tensor& tensor) { tensor = tensors.at(next++); });
}

template class BranchSumRun<float>;
template class BranchSumRun<double>;

}  // namespace nas
