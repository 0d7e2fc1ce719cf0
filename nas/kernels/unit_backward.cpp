#include "nas/kernels/unit_backward.hpp"

#include <algorithm>
#include <tuple>

#include "nas/kernels/branch_forward.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/unit_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

template <class T>
bool share_input(const UnitPass<T>& a, const UnitPass<T>& b) {
  return a.index == 0 && b.index == 0 && a.branch->input == b.branch->input;
}

template <class T>
PointwiseSize size_of(const UnitRun<T>& unit) {
  return {unit.in, unit.spread, unit.out};
}

/// The gradient of what the frame holds, in memory.gradient: put there or added.
template <class T>
void run_unit(UnitPass<T>& pass, const SampleMemory<T>& memory, int64_t chunk, int64_t n,
              bool accumulate) {
  const UnitRun<T>& unit = pass.unit();
  SeparableBackward<T> work;
  work.shape = unit.shape;
  work.input = {memory.framed, unit.frame};
  work.depthwise = unit.depthwise.data();
  work.flipped = pass.flipped.data();
  work.transposed = pass.transposed.data();
  work.g = sample<T>(pass.g, n);
  work.z = sample<T>(unit.z, n);
  work.a = pass.norm.a.data();
  work.b = pass.norm.b.data();
  work.c = pass.norm.c.data();
  work.gradient = memory.gradient;
  work.accumulate = accumulate;
  if (!pass.d_pointwise.empty()) {
    work.d_depthwise = pass.d_depthwise.of(chunk);
    work.d_pointwise = pass.d_pointwise.of(chunk);
  }
  work.scratch = memory.scratch;
  unit.kernels->separable_backward(work);
}

/// From memory.gradient through ReLU; for later units with the sums that their input's norm needs.
template <class T>
void run_relu(UnitPass<T>& pass, const FrameInput<T>& input, const SampleMemory<T>& memory,
              int64_t chunk, int64_t n) {
  const UnitRun<T>& unit = pass.unit();
  ReluBackward<T> work;
  work.input = input;
  work.framed = memory.framed;
  work.gradient = memory.gradient;
  work.dx = mutable_sample<T>(pass.dx, n);
  work.accumulate = pass.index == 0 && pass.accumulate;
  std::vector<T> sums(static_cast<size_t>(2 * unit.in));
  if (pass.index > 0) work.sums = sums.data();
  unit.kernels->relu_backward(work);
  if (pass.index > 0) pass.input_sums.add_rows(chunk, sums.data(), unit.in);
}

}  // namespace

template <class T>
Coefficients<T> coefficients(const NormGradient& gradient, int64_t size) {
  return {padded_values<T>(gradient.a, size), padded_values<T>(gradient.b, size),
          padded_values<T>(gradient.c, size)};
}

template <class T>
UnitPass<T> unit_pass(const BranchRun<T>& branch, size_t index, const UnitPassSetting& setting) {
  UnitPass<T> pass;
  pass.branch = &branch;
  pass.index = index;
  pass.g = setting.g;
  const UnitRun<T>& unit = branch.units[index];
  pass.dx = index == 0 ? setting.dx : torch::empty_like(branch.units[index - 1].z);
  pass.norm = coefficients<T>(setting.norm, unit.out);
  if (unit.unit.depthwise.defined()) {
    pass.flipped = pack_depthwise<T>(unit.unit.depthwise.detach(), unit.in, /*flipped=*/true);
  }
  pass.transposed = pack_pointwise<T>(unit.unit, size_of(unit), /*transposed=*/true);
  if (setting.weights) {
    pass.d_depthwise = {setting.chunks, static_cast<int64_t>(unit.depthwise.size())};
    pass.d_pointwise = {setting.chunks, unit.spread * unit.out};
  }
  if (index > 0) pass.input_sums = {setting.chunks, 2 * unit.shape.in_channels};
  return pass;
}

template <class T>
void run_units(std::vector<UnitPass<T>>& passes, int64_t chunk, int64_t n,
               const SampleMemory<T>& memory) {
  for (size_t i = 0; i < passes.size();) {
    UnitPass<T>& first = passes[i];
    const FrameInput<T> input = unit_input<T>(*first.branch, first.index, n);
    first.unit().kernels->frame(input, memory.framed);
    run_unit(first, memory, chunk, n, /*accumulate=*/false);
    for (++i; i < passes.size() && share_input(first, passes[i]); ++i) {
      run_unit(passes[i], memory, chunk, n, /*accumulate=*/true);
    }
    run_relu(first, input, memory, chunk, n);
  }
}

template <class T>
void group_by_input(std::vector<UnitPass<T>>& passes) {
  std::stable_sort(passes.begin(), passes.end(), [](const auto& a, const auto& b) {
    if (a.branch->input != b.branch->input) return a.branch->input < b.branch->input;
    return a.index > b.index;
  });
}

template <class T>
SampleNeeds needs_of(const std::vector<UnitPass<T>>& passes) {
  SampleNeeds needs;
  for (const UnitPass<T>& pass : passes) needs.cover(*pass.branch, pass.index);
  return needs;
}

template <class T>
void collect(const UnitPass<T>& pass, UnitGradients& gradients) {
  if (pass.d_pointwise.empty()) return;
  const UnitRun<T>& unit = pass.unit();
  if (unit.unit.depthwise.defined()) {
    gradients.depthwise = unpack_depthwise(pass.d_depthwise.total(), unit.in, unit.unit.depthwise);
  }
  std::tie(gradients.pointwise, gradients.shifted) =
      unpack_pointwise(pass.d_pointwise.total(), unit.unit, size_of(unit));
}

template Coefficients<float> coefficients(const NormGradient&, int64_t);
template UnitPass<float> unit_pass(const BranchRun<float>&, size_t, const UnitPassSetting&);
template void group_by_input(std::vector<UnitPass<float>>&);
template SampleNeeds needs_of(const std::vector<UnitPass<float>>&);
template void run_units(std::vector<UnitPass<float>>&, int64_t, int64_t,
                        const SampleMemory<float>&);
template void collect(const UnitPass<float>&, UnitGradients&);
template Coefficients<double> coefficients(const NormGradient&, int64_t);
template UnitPass<double> unit_pass(const BranchRun<double>&, size_t, const UnitPassSetting&);
template void group_by_input(std::vector<UnitPass<double>>&);
template SampleNeeds needs_of(const std::vector<UnitPass<double>>&);
template void run_units(std::vector<UnitPass<double>>&, int64_t, int64_t,
                        const SampleMemory<double>&);
template void collect(const UnitPass<double>&, UnitGradients&);

}  // namespace nas
