#include "nas/kernels/branch_backward.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "nas/kernels/branch_forward.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/kernels/unit_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// The gradient a * g + b * z + c of a batch norm's input, as the kernels read it.
template <class T>
struct Coefficients {
  std::vector<T> a, b, c;
};

template <class T>
Coefficients<T> coefficients(const NormGradient& gradient, int64_t size) {
  return {padded_values<T>(gradient.a, size), padded_values<T>(gradient.b, size),
          padded_values<T>(gradient.c, size)};
}

/// One unit on its way back.
template <class T>
struct UnitPass {
  const BranchRun<T>* branch = nullptr;
  size_t index = 0;
  torch::Tensor g;         // gradient of its batch norm's output
  torch::Tensor dx;        // where the gradient of its input goes
  bool accumulate = true;  // whether a first unit's is added to what is there
  Coefficients<T> norm;
  std::vector<T> flipped, transposed;
  // By chunk; the weights' empty where not wanted, the sums' empty for a branch's first unit.
  std::vector<std::vector<T>> d_depthwise, d_pointwise;
  std::vector<std::vector<double>> input_sums;  // of the gradient, and of it times the input

  const UnitRun<T>& unit() const { return branch->units[index]; }
};

template <class T>
bool share_input(const UnitPass<T>& a, const UnitPass<T>& b) {
  return a.index == 0 && b.index == 0 && a.branch->input == b.branch->input;
}

template <class T>
std::vector<std::vector<T>> zeros(int64_t chunks, int64_t size) {
  return std::vector<std::vector<T>>(at(chunks), std::vector<T>(at(size)));
}

template <class T>
PointwiseSize size_of(const UnitRun<T>& unit) {
  return {unit.in, unit.spread, unit.out};
}

/// `norm` is that of the unit's output.
template <class T>
UnitPass<T> unit_pass(const BranchRun<T>& branch, size_t index, const torch::Tensor& g,
                      const NormGradient& norm, const torch::Tensor& dx) {
  UnitPass<T> pass;
  pass.branch = &branch;
  pass.index = index;
  pass.g = g;
  const UnitRun<T>& unit = branch.units[index];
  pass.dx = index == 0 ? dx : torch::empty_like(branch.units[index - 1].z);
  pass.norm = coefficients<T>(norm, unit.out);
  if (unit.unit.depthwise.defined()) {
    pass.flipped = pack_depthwise<T>(unit.unit.depthwise.detach(), unit.in, /*flipped=*/true);
  }
  pass.transposed = pack_pointwise<T>(unit.unit, size_of(unit), /*transposed=*/true);
  return pass;
}

template <class T>
void allocate_sums(UnitPass<T>& pass, int64_t chunks, bool weights) {
  const UnitRun<T>& unit = pass.unit();
  if (weights) {
    pass.d_depthwise = zeros<T>(chunks, static_cast<int64_t>(unit.depthwise.size()));
    pass.d_pointwise = zeros<T>(chunks, unit.spread * unit.out);
  }
  if (pass.index > 0) pass.input_sums = zeros<double>(chunks, 2 * unit.shape.in_channels);
}

/// The gradient of what the frame holds, in memory.gradient: put there or added.
template <class T>
void run_unit(UnitPass<T>& pass, const SampleMemory<T>& memory, size_t chunk, int64_t n,
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
    work.d_depthwise = pass.d_depthwise[chunk].data();
    work.d_pointwise = pass.d_pointwise[chunk].data();
  }
  work.scratch = memory.scratch;
  unit.kernels->separable_backward(work);
}

/// From memory.gradient through ReLU; for later units with the sums that their input's norm needs.
template <class T>
void run_relu(UnitPass<T>& pass, const FrameInput<T>& input, const SampleMemory<T>& memory,
              size_t chunk, int64_t n) {
  const UnitRun<T>& unit = pass.unit();
  ReluBackward<T> work;
  work.input = input;
  work.framed = memory.framed;
  work.gradient = memory.gradient;
  work.dx = mutable_sample<T>(pass.dx, n);
  work.accumulate = pass.index == 0 && pass.accumulate;
  std::vector<T> sums(at(2 * unit.in));
  if (pass.index > 0) work.sums = sums.data();
  unit.kernels->relu_backward(work);
  if (pass.index == 0) return;
  const auto channels = at(unit.shape.in_channels);
  for (size_t c = 0; c < channels; ++c) {
    pass.input_sums[chunk][c] += static_cast<double>(sums[c]);
    pass.input_sums[chunk][channels + c] += static_cast<double>(sums[at(unit.in) + c]);
  }
}

/// One sample back through units; the first ones over one input share a frame and a way through
/// ReLU.
template <class T>
void run_units(std::vector<UnitPass<T>>& passes, size_t chunk, int64_t n,
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

/// Puts those that share their input next to each other.
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

ChannelSums split(const std::vector<double>& sums) {
  const auto half = static_cast<int64_t>(sums.size() / 2);
  return {{sums.begin(), sums.begin() + half}, {sums.begin() + half, sums.end()}};
}

/// Sums of g, and of g times each branch's y.
template <class T>
std::vector<ChannelSums> gradient_sums(const BranchBackward<T>& work, const SampleChunks& chunks) {
  const int64_t channels = work.g.size(1);
  const int64_t pixels = work.g.size(2) * work.g.size(3);
  const auto rows = static_cast<int64_t>(work.branches.size()) + 1;
  const auto& kernels = cpu_kernels<T>(channels);
  auto sums = zeros<double>(chunks.count(), rows * channels);
  chunks.run([&](int64_t chunk, int64_t n) {
    std::vector<T> part(at(rows * channels));
    std::vector<const T*> terms;
    for (const BranchRun<T>& branch : work.branches) terms.push_back(sample<T>(branch.y, n));
    kernels.product_sums(pixels, channels, rows - 1, sample<T>(work.g, n), terms.data(),
                         part.data());
    for (size_t i = 0; i < part.size(); ++i) sums[at(chunk)][i] += static_cast<double>(part[i]);
  });
  const std::vector<double> all = total(sums);
  std::vector<ChannelSums> result;
  for (int64_t k = 1; k < rows; ++k) {
    const auto from = all.begin() + k * channels;
    result.push_back({{all.begin(), all.begin() + channels}, {from, from + channels}});
  }
  return result;
}

template <class T>
std::vector<NormGradient> norm_gradients(const BranchBackward<T>& work,
                                         const std::vector<ChannelSums>& sums) {
  std::vector<NormGradient> result;
  for (size_t k = 0; k < sums.size(); ++k) {
    const BranchRun<T>& branch = work.branches[k];
    if (branch.statistics) {
      result.push_back(norm_gradient(*branch.statistics, sums[k], branch.factor));
      continue;
    }
    NormGradient plain;
    for (const double sum : sums[k].second) plain.factor += sum;
    result.push_back(std::move(plain));
  }
  return result;
}

/// How the gradient of an input starts: with that of the branches that are the input itself, or
/// with zeros; or not at all, where the first unit to come overwrites it.
template <class T>
struct InputStart {
  torch::Tensor dx;
  T factor = 0;
  bool left_to_units = false;
};

template <class T>
std::vector<InputStart<T>> input_starts(const BranchBackward<T>& work,
                                        const std::vector<torch::Tensor>& dx,
                                        std::vector<UnitPass<T>>& passes) {
  std::vector<InputStart<T>> starts;
  starts.reserve(dx.size());
  for (const torch::Tensor& gradient : dx) starts.push_back({gradient, 0, false});
  for (const BranchRun<T>& branch : work.branches) {
    if (branch.identity) starts[branch.input].factor += static_cast<T>(branch.factor);
  }
  for (UnitPass<T>& pass : passes) {
    InputStart<T>& start = starts[pass.branch->input];
    if (pass.index > 0 || start.factor != 0) continue;
    start.left_to_units = true;
    pass.accumulate = false;
  }
  return starts;
}

template <class T>
void run_start(const BranchBackward<T>& work, const InputStart<T>& start, int64_t n) {
  if (start.left_to_units) return;
  const int64_t size = start.dx.numel() / start.dx.size(0);
  T* to = mutable_sample<T>(start.dx, n);
  if (start.factor == 0) {
    std::fill(to, to + size, T(0));
    return;
  }
  const T* g = sample<T>(work.g, n);
  for (int64_t i = 0; i < size; ++i) to[i] = start.factor * g[i];
}

template <class T>
using PoolPass = std::pair<const BranchRun<T>*, Coefficients<T>>;

template <class T>
void run_pool(const BranchBackward<T>& work, const PoolPass<T>& pass,
              const std::vector<torch::Tensor>& dx, int64_t n, T* scratch) {
  const auto& [branch, norm] = pass;
  PoolBackward<T> pool;
  pool.shape = pool_shape(*branch);
  pool.pool = branch->pool->pool;
  pool.x = sample<T>(branch->x, n);
  pool.y = sample<T>(branch->y, n);
  pool.g = sample<T>(work.g, n);
  pool.a = norm.a.data();
  pool.b = norm.b.data();
  pool.c = norm.c.data();
  pool.dx = mutable_sample<T>(dx[branch->input], n);
  pool.scratch = scratch;
  cpu_kernels<T>(pool.shape.channels).pool_backward(pool);
}

/// The last unit of each branch, the pools and the input itself.
template <class T>
std::vector<UnitPass<T>> run_last(const BranchBackward<T>& work, const SampleChunks& chunks,
                                  const std::vector<NormGradient>& norms,
                                  const std::vector<torch::Tensor>& dx) {
  std::vector<UnitPass<T>> passes;
  std::vector<PoolPass<T>> pools;
  for (size_t k = 0; k < work.branches.size(); ++k) {
    const BranchRun<T>& branch = work.branches[k];
    if (!branch.units.empty()) {
      passes.push_back(
          unit_pass(branch, branch.units.size() - 1, work.g, norms[k], dx[branch.input]));
      allocate_sums(passes.back(), chunks.count(), work.weights);
    } else if (branch.pool) {
      pools.emplace_back(&branch, coefficients<T>(norms[k], branch.x.size(1)));
    }
  }
  group_by_input(passes);
  const auto starts = input_starts(work, dx, passes);
  SampleNeeds needs = needs_of(passes);
  for (const PoolPass<T>& pass : pools) needs.cover(*pass.first, 0);
  chunks.run([&](int64_t chunk, int64_t n) {
    const SampleMemory<T> memory = sample_memory<T>(needs);
    for (const InputStart<T>& start : starts) run_start(work, start, n);
    run_units(passes, at(chunk), n, memory);
    for (const PoolPass<T>& pass : pools) run_pool(work, pass, dx, n, memory.scratch);
  });
  return passes;
}

template <class T>
UnitGradients& gradients_of(const UnitPass<T>& pass, const BranchBackward<T>& work,
                            BranchSumGradients& result) {
  return result.branches[at(pass.branch - work.branches.data())].units[pass.index];
}

template <class T>
void collect(const UnitPass<T>& pass, UnitGradients& gradients) {
  if (pass.d_pointwise.empty()) return;
  const UnitRun<T>& unit = pass.unit();
  if (unit.unit.depthwise.defined()) {
    gradients.depthwise = unpack_depthwise(total(pass.d_depthwise), unit.in, unit.unit.depthwise);
  }
  std::tie(gradients.pointwise, gradients.shifted) =
      unpack_pointwise(total(pass.d_pointwise), unit.unit, size_of(unit));
}

/// The units before those of `passes`; empty where none is left.
template <class T>
std::vector<UnitPass<T>> run_before(const BranchBackward<T>& work, const SampleChunks& chunks,
                                    const std::vector<UnitPass<T>>& passes,
                                    BranchSumGradients& result) {
  std::vector<UnitPass<T>> next;
  for (const UnitPass<T>& pass : passes) {
    if (pass.index == 0) continue;
    const UnitRun<T>& before = pass.branch->units[pass.index - 1];
    NormGradient norm = norm_gradient(before.statistics, split(total(pass.input_sums)), 1);
    next.push_back(
        unit_pass(*pass.branch, pass.index - 1, pass.dx, norm, result.x[pass.branch->input]));
    allocate_sums(next.back(), chunks.count(), work.weights);
    UnitGradients& gradients = gradients_of(next.back(), work, result);
    gradients.norm_weight = std::move(norm.weight);
    gradients.norm_bias = std::move(norm.bias);
  }
  if (next.empty()) return next;
  group_by_input(next);
  const SampleNeeds needs = needs_of(next);
  chunks.run(
      [&](int64_t chunk, int64_t n) { run_units(next, at(chunk), n, sample_memory<T>(needs)); });
  return next;
}

/// What follows from the sums alone.
template <class T>
BranchSumGradients first_gradients(const BranchBackward<T>& work,
                                   const std::vector<NormGradient>& norms) {
  BranchSumGradients result;
  for (size_t k = 0; k < norms.size(); ++k) {
    const BranchRun<T>& branch = work.branches[k];
    BranchGradients gradients;
    gradients.factor = norms[k].factor;
    gradients.units.resize(branch.units.size());
    if (branch.pool) {
      gradients.norm_weight = norms[k].weight;
      gradients.norm_bias = norms[k].bias;
    } else if (!branch.units.empty()) {
      gradients.units.back().norm_weight = norms[k].weight;
      gradients.units.back().norm_bias = norms[k].bias;
    } else if (!branch.identity) {
      gradients.y = work.g * branch.factor;
    }
    result.branches.push_back(std::move(gradients));
  }
  return result;
}

}  // namespace

template <class T>
BranchSumGradients branch_backward(const BranchBackward<T>& work) {
  const SampleChunks chunks(work.g.size(0));
  const auto norms = norm_gradients(work, gradient_sums(work, chunks));
  BranchSumGradients result = first_gradients(work, norms);
  for (const BranchRun<T>& branch : work.branches) {
    if (branch.input == result.x.size()) result.x.push_back(torch::empty_like(branch.x));
  }
  for (auto passes = run_last(work, chunks, norms, result.x); !passes.empty();
       passes = run_before(work, chunks, passes, result)) {
    for (const UnitPass<T>& pass : passes) collect(pass, gradients_of(pass, work, result));
  }
  return result;
}

template BranchSumGradients branch_backward(const BranchBackward<float>&);
template BranchSumGradients branch_backward(const BranchBackward<double>&);

}  // namespace nas
