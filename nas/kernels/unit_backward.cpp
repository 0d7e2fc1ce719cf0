#include "nas/kernels/unit_backward.hpp"

#include <tuple>

#include "nas/kernels/unit_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

template <class T>
PointwiseSize size_of(const UnitRun<T>& unit) {
  return {unit.in, unit.spread, unit.out};
}

}  // namespace

template <class T>
Coefficients<T> coefficients(const NormGradient& gradient, int64_t size) {
  return {padded_values<T>(gradient.a, size), padded_values<T>(gradient.b, size),
          padded_values<T>(gradient.c, size)};
}

template <class T>
UnitPass<T> unit_pass(const GraphRun<T>& run, const UnitStart& start,
                      const UnitPassSetting& setting) {
  const BranchRun<T>& branch = run.branches[start.branch];
  const UnitRun<T>& unit = branch.units[start.index];
  UnitPass<T> pass;
  pass.branch = start.branch;
  pass.index = start.index;
  pass.unit = &unit;
  pass.g = start.g;
  if (start.index > 0) pass.dx = torch::empty_like(branch.units[start.index - 1].z);
  pass.norm = coefficients<T>(start.norm, unit.out);
  if (start.index + 1 == branch.units.size()) pass.samples = branch.samples;
  if (unit.unit.depthwise.defined()) {
    pass.flipped = pack_depthwise<T>(unit.unit.depthwise.detach(), unit.in, /*flipped=*/true);
  }
  pass.transposed = pack_pointwise<T>(unit.unit, size_of(unit), /*transposed=*/true);
  if (setting.weights) {
    pass.d_depthwise = {setting.chunks, static_cast<int64_t>(unit.depthwise.size())};
    pass.d_pointwise = {setting.chunks, unit.spread * unit.out};
  }
  if (start.index > 0) pass.input_sums = {setting.chunks, 2 * unit.shape.in_channels};
  return pass;
}

template <class T>
void run_unit(UnitPass<T>& pass, const SamplePass<T>& at, Onto onto) {
  const UnitRun<T>& unit = *pass.unit;
  SeparableBackward<T> work;
  work.shape = unit.shape;
  work.input = {at.memory.framed, unit.frame};
  work.depthwise = unit.depthwise.data();
  work.flipped = pass.flipped.data();
  work.transposed = pass.transposed.data();
  work.g = sample<T>(pass.g, at.n);
  work.z = sample<T>(unit.z, at.n).at;
  std::vector<T> a;
  if (!pass.samples.empty()) a = scaled(pass.norm.a, pass.samples[static_cast<size_t>(at.n)]);
  work.a = pass.samples.empty() ? pass.norm.a.data() : a.data();
  work.b = pass.norm.b.data();
  work.c = pass.norm.c.data();
  work.gradient = at.memory.gradient;
  work.accumulate = onto == Onto::gradient;
  if (!pass.d_pointwise.empty()) {
    work.d_depthwise = pass.d_depthwise.of(at.chunk);
    work.d_pointwise = pass.d_pointwise.of(at.chunk);
  }
  work.scratch = at.memory.scratch;
  unit.kernels->separable_backward(work);
}

template <class T>
void run_later_unit(const GraphRun<T>& run, UnitPass<T>& pass, const SamplePass<T>& at) {
  const UnitRun<T>& unit = *pass.unit;
  const FrameInput<T> input = run.unit_input(run.branches[pass.branch], pass.index, at.n);
  unit.kernels->frame(input, at.memory.framed);
  run_unit(pass, at, Onto::nothing);
  std::vector<T> sums(static_cast<size_t>(2 * unit.in));
  ReluBackward<T> relu;
  relu.input = input;
  relu.framed = at.memory.framed;
  relu.gradient = at.memory.gradient;
  relu.dx = mutable_sample<T>(pass.dx, at.n);
  relu.sums = sums.data();
  unit.kernels->relu_backward(relu);
  pass.input_sums.add_rows(at.chunk, sums.data(), unit.in);
}

template <class T>
void collect(const UnitPass<T>& pass, UnitGradients& gradients) {
  if (pass.d_pointwise.empty()) return;
  const UnitRun<T>& unit = *pass.unit;
  if (unit.unit.depthwise.defined()) {
    gradients.depthwise = unpack_depthwise(pass.d_depthwise.total(), unit.in, unit.unit.depthwise);
  }
  std::tie(gradients.pointwise, gradients.shifted) =
      unpack_pointwise(pass.d_pointwise.total(), unit.unit, size_of(unit));
}

template Coefficients<float> coefficients(const NormGradient&, int64_t);
template UnitPass<float> unit_pass(const GraphRun<float>&, const UnitStart&,
                                   const UnitPassSetting&);
template void run_unit(UnitPass<float>&, const SamplePass<float>&, Onto);
template void run_later_unit(const GraphRun<float>&, UnitPass<float>&, const SamplePass<float>&);
template void collect(const UnitPass<float>&, UnitGradients&);
template Coefficients<double> coefficients(const NormGradient&, int64_t);
template UnitPass<double> unit_pass(const GraphRun<double>&, const UnitStart&,
                                    const UnitPassSetting&);
template void run_unit(UnitPass<double>&, const SamplePass<double>&, Onto);
template void run_later_unit(const GraphRun<double>&, UnitPass<double>&, const SamplePass<double>&);
template void collect(const UnitPass<double>&, UnitGradients&);

}  // namespace nas
