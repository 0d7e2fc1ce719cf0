#include "nas/kernels/branch_forward.hpp"

#include <algorithm>
#include <optional>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// A convolution, a pool or an input whose batch norm needs sums over the batch.
template <class T>
struct Source {
  BranchRun<T>* branch = nullptr;
  size_t unit = 0;
  ChunkSums<double> sums;  // [2][channels]
};

template <class T>
int64_t channels_of(const Source<T>& source) {
  return source.branch->units.empty() ? source.branch->y.size(1)
                                      : source.branch->units[source.unit].shape.out_channels;
}

template <class T>
void run_unit(const Framed<T>& input, Source<T>& source, int64_t chunk, int64_t n, T* scratch) {
  UnitRun<T>& unit = source.branch->units[source.unit];
  std::vector<T> sums(static_cast<size_t>(2 * unit.out));
  unit.kernels->separable_forward({unit.shape, input, unit.depthwise.data(), unit.pointwise.data(),
                                   mutable_sample<T>(unit.z, n), sums.data(), scratch});
  source.sums.add_rows(chunk, sums.data(), unit.out);
}

template <class T>
void run_pool(Source<T>& source, int64_t chunk, int64_t n, T* scratch) {
  const torch::Tensor& y = source.branch->y;
  const int64_t channels = y.size(1);
  std::vector<T> sums(static_cast<size_t>(2 * channels));
  PoolForward<T> work;
  work.shape = pool_shape(*source.branch);
  work.pool = source.branch->pool->pool;
  work.x = sample<T>(source.branch->x, n);
  work.y = mutable_sample<T>(y, n);
  work.sums = sums.data();
  work.scratch = scratch;
  cpu_kernels<T>(channels).pool_forward(work);
  source.sums.add_rows(chunk, sums.data(), channels);
}

/// The sums of an input itself: its products with one and with itself.
template <class T>
void run_identity(Source<T>& source, int64_t chunk, int64_t n) {
  const torch::Tensor& y = source.branch->y;
  const int64_t channels = y.size(1);
  std::vector<T> sums(static_cast<size_t>(2 * channels));
  const T* from = sample<T>(y, n);
  cpu_kernels<T>(channels).product_sums(y.size(2) * y.size(3), channels, 1, from, &from,
                                        sums.data());
  source.sums.add_rows(chunk, sums.data(), channels);
}

/// One sample through all of a stage. The first units over one input share a frame.
template <class T>
void run_sample(std::vector<Source<T>>& sources, int64_t chunk, int64_t n,
                const SampleMemory<T>& memory) {
  std::optional<size_t> framed;  // number of the input
  for (Source<T>& source : sources) {
    if (source.branch->pool) {
      run_pool(source, chunk, n, memory.scratch);
      continue;
    }
    if (source.branch->identity) {
      run_identity(source, chunk, n);
      continue;
    }
    const UnitRun<T>& unit = source.branch->units[source.unit];
    const size_t input = source.branch->input;
    if (source.unit > 0 || framed != input) {
      unit.kernels->frame(unit_input(*source.branch, source.unit, n), memory.framed);
      framed = input;
    }
    run_unit<T>({memory.framed, unit.frame}, source, chunk, n, memory.scratch);
  }
}

template <class T>
void set_statistics(Source<T>& source, const torch::Tensor& z, const NormPass& pass) {
  const std::vector<double> sums = source.sums.total();
  const auto channels = static_cast<int64_t>(sums.size() / 2);
  const ChannelSums split{{sums.begin(), sums.begin() + channels},
                          {sums.begin() + channels, sums.end()}};
  const auto count = static_cast<double>(z.numel()) / static_cast<double>(channels);
  BranchRun<T>& branch = *source.branch;
  if (branch.units.empty()) {
    branch.statistics = batch_statistics(*branch.norm, split, count, pass);
    return;
  }
  UnitRun<T>& unit = branch.units[source.unit];
  unit.statistics = batch_statistics(unit.unit.norm, split, count, pass);
  if (source.unit + 1 == branch.units.size()) {
    branch.statistics = unit.statistics;
    return;
  }
  UnitRun<T>& next = branch.units[source.unit + 1];
  const ChannelMap map = normalization(unit.statistics, 1);
  next.scale = padded_values<T>(map.scale, next.in);
  next.shift = padded_values<T>(map.shift, next.in);
}

/// All branches' units number `stage`, and pools and inputs at stage 0; false where there are none.
template <class T>
bool run_stage(const BranchForward<T>& work, const SampleChunks& chunks, size_t stage) {
  std::vector<Source<T>> sources;
  for (BranchRun<T>& branch : work.branches) {
    if (stage < branch.units.size() || (stage == 0 && branch.norm)) {
      sources.push_back({&branch, stage, {}});
    }
  }
  for (Source<T>& source : sources) {
    source.sums = {chunks.count(), 2 * channels_of(source)};
  }
  SampleNeeds needs;
  for (const Source<T>& source : sources) needs.cover(*source.branch, stage);
  chunks.run(
      [&](int64_t chunk, int64_t n) { run_sample(sources, chunk, n, sample_memory<T>(needs)); });
  for (Source<T>& source : sources) {
    const BranchRun<T>& branch = *source.branch;
    set_statistics(source, branch.norm ? branch.y : branch.units[stage].z, work.pass);
  }
  return !sources.empty();
}

/// What the weighted sum reads: one row of factors a branch, and the sum of all constants.
template <class T>
struct SumFactors {
  std::vector<std::vector<T>> scales;
  std::vector<T> constant;
};

template <class T>
SumFactors<T> sum_factors(const std::vector<BranchRun<T>>& branches, int64_t channels) {
  SumFactors<T> factors;
  std::vector<double> constant(static_cast<size_t>(channels));
  for (const BranchRun<T>& branch : branches) {
    if (!branch.statistics) {
      factors.scales.emplace_back(constant.size(), static_cast<T>(branch.factor));
      continue;
    }
    const ChannelMap map = normalization(*branch.statistics, branch.factor);
    factors.scales.push_back(padded_values<T>(map.scale, channels));
    for (size_t c = 0; c < constant.size(); ++c) constant[c] += map.shift[c];
  }
  factors.constant = padded_values<T>(constant, channels);
  return factors;
}

}  // namespace

template <class T>
FrameInput<T> unit_input(const BranchRun<T>& branch, size_t index, int64_t n) {
  const UnitRun<T>& unit = branch.units[index];
  const bool first = index == 0;
  return {unit.shape.height,
          unit.shape.width,
          unit.shape.in_channels,
          unit.frame,
          sample<T>(first ? branch.x : branch.units[index - 1].z, n),
          first ? nullptr : unit.scale.data(),
          first ? nullptr : unit.shift.data()};
}

template <class T>
torch::Tensor branch_forward(const BranchForward<T>& work) {
  const SampleChunks chunks(work.branches.front().x.size(0));
  for (size_t stage = 0; run_stage(work, chunks, stage); ++stage) continue;
  const torch::Tensor& shaped = work.branches.front().y;
  torch::Tensor out =
      torch::empty(shaped.sizes(), shaped.options(), torch::MemoryFormat::ChannelsLast);
  const int64_t channels = out.size(1);
  const SumFactors<T> factors = sum_factors(work.branches, channels);
  std::vector<const T*> rows;
  for (const auto& scale : factors.scales) rows.push_back(scale.data());
  const auto& kernels = cpu_kernels<T>(channels);
  chunks.run([&](int64_t, int64_t n) {
    std::vector<const T*> terms;
    for (const BranchRun<T>& branch : work.branches) terms.push_back(sample<T>(branch.y, n));
    kernels.weighted_sum(out.size(2) * out.size(3), channels, static_cast<int64_t>(terms.size()),
                         terms.data(), rows.data(), factors.constant.data(),
                         mutable_sample<T>(out, n));
  });
  return out;
}

template FrameInput<float> unit_input(const BranchRun<float>&, size_t, int64_t);
template FrameInput<double> unit_input(const BranchRun<double>&, size_t, int64_t);
template torch::Tensor branch_forward(const BranchForward<float>&);
template torch::Tensor branch_forward(const BranchForward<double>&);

}  // namespace nas
