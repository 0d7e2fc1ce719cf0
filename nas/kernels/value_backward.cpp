#include "nas/kernels/value_backward.hpp"

#include <algorithm>
#include <utility>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// What one more branch that is the value itself adds: factor * g, or a * g + b * x + c.
template <class T>
void add_identity(const GraphRun<T>& run, const UnitStart& reader, ValuePass<T>& pass) {
  const BranchRun<T>& branch = run.branches[reader.branch];
  const auto channels = static_cast<size_t>(pass.place.image.channels);
  pass.constant.resize(channels);
  const Coefficients<T> norm = coefficients<T>(reader.norm, pass.place.image.channels);
  pass.terms.push_back({reader.g, norm.a, branch.samples});
  if (!branch.norm) return;
  pass.terms.push_back({run.values[pass.value].image, norm.b, {}});
  for (size_t c = 0; c < channels; ++c) pass.constant[c] += norm.c[c];
}

/// The gradient before units and pools add to it; what they find there.
template <class T>
Onto run_identities(const ValuePass<T>& pass, int64_t n) {
  if (pass.terms.empty()) return pass.place.filled ? Onto::gradient : Onto::nothing;
  std::vector<Pixels<const T>> terms;
  std::vector<std::vector<T>> own;  // factors of this sample
  std::vector<const T*> factors;
  own.reserve(pass.terms.size());
  for (const auto& term : pass.terms) {
    terms.push_back(sample<T>(term.image, n));
    factors.push_back(term.factors.data());
    if (term.samples.empty()) continue;
    own.push_back(scaled(term.factors, term.samples[static_cast<size_t>(n)]));
    factors.back() = own.back().data();
  }
  const ImageView& out = pass.place.image;
  unpadded_kernels<T>(out.channels)
      .weighted_sum({out.pixels(), out.channels, static_cast<int64_t>(terms.size()), terms.data(),
                     factors.data(), pass.constant.data(), mutable_sample<T>(out, n)});
  return Onto::gradient;
}

/// All first units over the value: one frame, and one way through ReLU.
template <class T>
void run_units(const GraphRun<T>& run, ValuePass<T>& pass, const SamplePass<T>& at, Onto there) {
  const UnitPass<T>& first = pass.units.front();
  const FrameInput<T> input = run.unit_input(run.branches[first.branch], 0, at.n);
  first.unit->kernels->frame(input, at.memory.framed);
  Onto onto = Onto::nothing;
  for (UnitPass<T>& unit : pass.units) {
    run_unit(unit, at, onto);
    onto = Onto::gradient;
  }
  ReluBackward<T> relu;
  relu.input = input;
  relu.framed = at.memory.framed;
  relu.gradient = at.memory.gradient;
  relu.dx = mutable_sample<T>(pass.place.image, at.n);
  relu.accumulate = there == Onto::gradient;
  first.unit->kernels->relu_backward(relu);
}

template <class T>
void fill_zeros(const ImageView& view, int64_t n) {
  const Pixels<T> pixels = mutable_sample<T>(view, n);
  for (int64_t p = 0; p < view.pixels(); ++p) {
    std::fill_n(pixels.at + p * pixels.step, view.channels, T(0));
  }
}

template <class T>
void run_pool(const GraphRun<T>& run, const typename ValuePass<T>::PoolPass& pass,
              const ImageView& dx, const SamplePass<T>& at) {
  const BranchRun<T>& branch = run.branches[pass.branch];
  PoolBackward<T> pool;
  pool.shape = branch.pool_shape;
  pool.pool = *branch.pool;
  pool.x = sample<T>(run.values[branch.input].image, at.n);
  pool.y = sample<T>(branch.pooled, at.n).at;
  pool.g = sample<T>(pass.g, at.n);
  const std::vector<T> a = scaled(pass.norm.a, branch.sample_factor(at.n));
  pool.a = a.data();
  pool.b = pass.norm.b.data();
  pool.c = pass.norm.c.data();
  pool.dx = mutable_sample<T>(dx, at.n);
  pool.scratch = at.memory.scratch;
  unpadded_kernels<T>(pool.shape.channels).pool_backward(pool);
}

template <class T>
void add_sums(const GraphRun<T>& run, GatheredPass<T>& pass, const SamplePass<T>& at) {
  const ImageView& g = pass.gradient;
  const auto channels = static_cast<size_t>(g.channels);
  std::vector<Pixels<const T>> terms;
  for (const size_t term : run.values[pass.value].terms) {
    terms.push_back(run.result(run.branches[term], at.n));
  }
  std::vector<T> part((1 + terms.size()) * channels);
  unpadded_kernels<T>(g.channels)
      .product_sums({g.pixels(), g.channels, sample<T>(g, at.n), static_cast<int64_t>(terms.size()),
                     terms.data(), part.data()});
  double* own = pass.sums.of(at.chunk);
  size_t row = 0;
  for (const size_t term : run.values[pass.value].terms) {
    const auto factor = static_cast<double>(run.branches[term].sample_factor(at.n));
    const T* products = part.data() + ++row * channels;
    for (size_t c = 0; c < channels; ++c) *own++ += factor * static_cast<double>(part[c]);
    for (size_t c = 0; c < channels; ++c) *own++ += factor * static_cast<double>(products[c]);
  }
}

/// With the groups exchanged for the channels of each.
template <class T>
void unshuffle(const GraphRun<T>& run, const GatheredPass<T>& pass, const SamplePass<T>& at) {
  ChannelShuffle<T> work;
  work.pixels = pass.gradient.pixels();
  work.size = run.values[pass.value].groups;
  work.groups = pass.gradient.channels / work.size;
  work.x = sample<T>(pass.gradient, at.n);
  work.out = mutable_sample<T>(pass.unshuffled, at.n);
  cpu_kernels<T>(pass.gradient.channels).shuffle(work);
}

}  // namespace

template <class T>
ValuePass<T> value_pass(const GraphRun<T>& run, size_t value, const GradientPlace& place,
                        const std::vector<UnitStart>& readers, const UnitPassSetting& setting) {
  ValuePass<T> pass;
  pass.value = value;
  pass.place = place;
  const int64_t channels = place.image.channels;
  for (const UnitStart& reader : readers) {
    const BranchRun<T>& branch = run.branches[reader.branch];
    if (!branch.units.empty()) {
      pass.units.push_back(unit_pass(run, reader, setting));
    } else if (branch.pool) {
      pass.pools.push_back({reader.branch, reader.g, coefficients<T>(reader.norm, channels)});
    } else {
      add_identity(run, reader, pass);
    }
  }
  if (place.filled && !pass.terms.empty()) {
    pass.terms.push_back({place.image, std::vector<T>(static_cast<size_t>(channels), T(1)), {}});
  }
  return pass;
}

template <class T>
void cover(const GraphRun<T>& run, const ValuePass<T>& pass, SampleNeeds& needs) {
  for (const UnitPass<T>& unit : pass.units) needs.cover(run.branches[unit.branch], 0);
  for (const auto& pool : pass.pools) needs.cover(run.branches[pool.branch], 0);
}

template <class T>
void run_value(const GraphRun<T>& run, ValuePass<T>& pass, const SamplePass<T>& at) {
  const Onto there = run_identities(pass, at.n);
  if (!pass.units.empty()) {
    run_units(run, pass, at, there);
  } else if (there == Onto::nothing) {
    fill_zeros<T>(pass.place.image, at.n);
  }
  for (const auto& pool : pass.pools) run_pool<T>(run, pool, pass.place.image, at);
}

template <class T>
void run_gathered(const GraphRun<T>& run, GatheredPass<T>& pass, const SamplePass<T>& at) {
  if (!pass.sums.empty()) add_sums(run, pass, at);
  if (pass.unshuffled.all.defined()) unshuffle(run, pass, at);
}

template ValuePass<float> value_pass(const GraphRun<float>&, size_t, const GradientPlace&,
                                     const std::vector<UnitStart>&, const UnitPassSetting&);
template void cover(const GraphRun<float>&, const ValuePass<float>&, SampleNeeds&);
template void run_value(const GraphRun<float>&, ValuePass<float>&, const SamplePass<float>&);
template void run_gathered(const GraphRun<float>&, GatheredPass<float>&, const SamplePass<float>&);
template ValuePass<double> value_pass(const GraphRun<double>&, size_t, const GradientPlace&,
                                      const std::vector<UnitStart>&, const UnitPassSetting&);
template void cover(const GraphRun<double>&, const ValuePass<double>&, SampleNeeds&);
template void run_value(const GraphRun<double>&, ValuePass<double>&, const SamplePass<double>&);
template void run_gathered(const GraphRun<double>&, GatheredPass<double>&,
                           const SamplePass<double>&);

}  // namespace nas
