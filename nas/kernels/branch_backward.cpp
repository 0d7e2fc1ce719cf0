#include "nas/kernels/branch_backward.hpp"

#include <algorithm>
#include <utility>

#include "nas/kernels/branch_forward.hpp"
#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/kernels/unit_backward.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

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
  ChunkSums<double> sums(chunks.count(), rows * channels);
  chunks.run([&](int64_t chunk, int64_t n) {
    std::vector<T> part(at(rows * channels));
    std::vector<const T*> terms;
    for (const BranchRun<T>& branch : work.branches) terms.push_back(sample<T>(branch.y, n));
    kernels.product_sums(pixels, channels, rows - 1, sample<T>(work.g, n), terms.data(),
                         part.data());
    double* own = sums.of(chunk);
    for (size_t i = 0; i < part.size(); ++i) own[i] += static_cast<double>(part[i]);
  });
  const std::vector<double> all = sums.total();
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

/// How the gradient of an input starts: with a * g + b * x + c of the branches that are the input
/// itself, or with zeros; or not at all, where the first unit to come overwrites it.
template <class T>
struct InputStart {
  torch::Tensor dx, x;
  Coefficients<T> norm;     // empty where no branch is the input
  bool normalized = false;  // whether x counts
  bool left_to_units = false;
};

/// What one more branch that is the input adds.
template <class T>
void add_identity(const BranchRun<T>& branch, const NormGradient& gradient, InputStart<T>& start) {
  const auto channels = at(branch.x.size(1));
  start.x = branch.x;
  start.normalized = start.normalized || branch.norm;
  for (auto* values : {&start.norm.a, &start.norm.b, &start.norm.c}) values->resize(channels);
  for (size_t c = 0; c < channels; ++c) {
    start.norm.a[c] += static_cast<T>(branch.norm ? gradient.a[c] : branch.factor);
    if (!branch.norm) continue;
    start.norm.b[c] += static_cast<T>(gradient.b[c]);
    start.norm.c[c] += static_cast<T>(gradient.c[c]);
  }
}

template <class T>
std::vector<InputStart<T>> input_starts(const BranchBackward<T>& work,
                                        const std::vector<NormGradient>& norms,
                                        const std::vector<torch::Tensor>& dx,
                                        std::vector<UnitPass<T>>& passes) {
  std::vector<InputStart<T>> starts;
  starts.reserve(dx.size());
  for (const torch::Tensor& gradient : dx) starts.push_back({gradient, {}, {}, false, false});
  for (size_t k = 0; k < work.branches.size(); ++k) {
    const BranchRun<T>& branch = work.branches[k];
    if (branch.identity) add_identity(branch, norms[k], starts[branch.input]);
  }
  for (UnitPass<T>& pass : passes) {
    InputStart<T>& start = starts[pass.branch->input];
    if (pass.index > 0 || start.x.defined()) continue;
    start.left_to_units = true;
    pass.accumulate = false;
  }
  return starts;
}

template <class T>
void run_start(const BranchBackward<T>& work, const InputStart<T>& start, int64_t n) {
  if (start.left_to_units) return;
  const int64_t pixels = start.dx.size(2) * start.dx.size(3);
  const int64_t channels = start.dx.size(1);
  T* to = mutable_sample<T>(start.dx, n);
  if (!start.x.defined()) {
    std::fill(to, to + pixels * channels, T(0));
    return;
  }
  const T* const terms[]{sample<T>(work.g, n), sample<T>(start.x, n)};
  const T* const factors[]{start.norm.a.data(), start.norm.b.data()};
  cpu_kernels<T>(channels).weighted_sum(pixels, channels, start.normalized ? 2 : 1, terms, factors,
                                        start.norm.c.data(), to);
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
          unit_pass(branch, branch.units.size() - 1,
                    {work.g, norms[k], dx[branch.input], chunks.count(), work.weights}));
    } else if (branch.pool) {
      pools.emplace_back(&branch, coefficients<T>(norms[k], branch.x.size(1)));
    }
  }
  group_by_input(passes);
  const auto starts = input_starts(work, norms, dx, passes);
  SampleNeeds needs = needs_of(passes);
  for (const PoolPass<T>& pass : pools) needs.cover(*pass.first, 0);
  chunks.run([&](int64_t chunk, int64_t n) {
    const SampleMemory<T> memory = sample_memory<T>(needs);
    for (const InputStart<T>& start : starts) run_start(work, start, n);
    run_units(passes, chunk, n, memory);
    for (const PoolPass<T>& pass : pools) run_pool(work, pass, dx, n, memory.scratch);
  });
  return passes;
}

template <class T>
UnitGradients& gradients_of(const UnitPass<T>& pass, const BranchBackward<T>& work,
                            BranchSumGradients& result) {
  return result.branches[at(pass.branch - work.branches.data())].units[pass.index];
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
    NormGradient norm = norm_gradient(before.statistics, split(pass.input_sums.total()), 1);
    next.push_back(
        unit_pass(*pass.branch, pass.index - 1,
                  {pass.dx, norm, result.x[pass.branch->input], chunks.count(), work.weights}));
    UnitGradients& gradients = gradients_of(next.back(), work, result);
    gradients.norm_weight = std::move(norm.weight);
    gradients.norm_bias = std::move(norm.bias);
  }
  if (next.empty()) return next;
  group_by_input(next);
  const SampleNeeds needs = needs_of(next);
  chunks.run([&](int64_t chunk, int64_t n) { run_units(next, chunk, n, sample_memory<T>(needs)); });
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
    if (branch.norm) {
      gradients.norm_weight = norms[k].weight;
      gradients.norm_bias = norms[k].bias;
    } else if (!branch.units.empty()) {
      gradients.units.back().norm_weight = norms[k].weight;
      gradients.units.back().norm_bias = norms[k].bias;
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
