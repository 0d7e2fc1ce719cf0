#include "nas/kernels/graph_forward.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

/// A unit of a branch, its pool or the sums of the value itself.
template <class T>
struct Source {
  size_t branch = 0;
  size_t unit = 0;
  ChunkSums<double> sums;  // [2][channels], where a batch norm needs them
};

/// A sum all of whose terms are known: what its branches' results are multiplied with, and what is
/// added.
template <class T>
struct WeightedTerms {
  size_t value = 0;
  std::vector<std::vector<T>> factors;         // a row for each term
  std::vector<std::vector<double>> constants;  // the same; empty for those without a batch norm
  std::vector<T> constant;                     // the sum of their constants
  bool by_sample = false;                      // whether samples have factors of their own
};

/// A value that holds the channels of another one shuffled.
struct Shuffled {
  size_t value = 0;
};

template <class T>
class GraphForward {
 public:
  explicit GraphForward(GraphRun<T>& run) : run_(run), chunks_(run.samples) {
    for (const ValueRun& value : run.values) {
      missing_.push_back(value.terms.size() + value.parts.size());
      readers_left_.push_back(value.readers.size());
    }
    for (const size_t output : run.outputs) ++readers_left_[output];
  }

  void run() {
    for (size_t input = 0; input < run_.inputs; ++input) reach(input);
    while (!stage_.empty()) run_stage();
    // Of what only a concatenation reads it is enough to keep that.
    for (ValueRun& value : run_.values) {
      if (value.whole && value.readers.empty()) value.image.all.reset();
    }
  }

 private:
  using Action = std::variant<WeightedTerms<T>, Source<T>, Shuffled>;

  BranchRun<T>& branch_of(const Source<T>& source) { return run_.branches[source.branch]; }

  /// Samples of this value are known from here on: what reads it comes next, units that share its
  /// frame next to each other.
  void reach(size_t value) {
    const auto& readers = run_.values[value].readers;
    for (const size_t reader : readers) {
      if (!run_.branches[reader].units.empty()) start_unit(reader, 0);
    }
    for (const size_t reader : readers) {
      BranchRun<T>& branch = run_.branches[reader];
      if (!branch.units.empty()) continue;
      if (branch.pool) {
        const ImageShape& input = run_.values[value].shape;
        branch.pooled = run_.empty(
            {input.channels, branch.pool_shape.out_height(), branch.pool_shape.out_width()});
      }
      if (branch.pool || branch.norm) {
        stage_.push_back(Source<T>{reader, 0, sums_for(2 * run_.values[value].shape.channels)});
      }
      if (!branch.norm) finish(reader);
    }
    if (const auto whole = run_.values[value].whole) {
      if (--missing_[*whole] == 0) reach(*whole);
    }
    for (const size_t slice : run_.values[value].slices) {
      const ImageView& all = run_.values[value].image;
      ValueRun& own = run_.values[slice];
      own.image = {all.all, all.first + own.first, own.shape.channels};
      reach(slice);
    }
    if (const auto shuffle = run_.values[value].shuffle) {
      place(*shuffle);
      stage_.push_back(Shuffled{*shuffle});
      reach(*shuffle);
    }
  }

  ChunkSums<double> sums_for(int64_t size) const { return {chunks_.count(), size}; }

  void start_unit(size_t index, size_t number) {
    UnitRun<T>& unit = run_.branches[index].units[number];
    const SeparableShape& shape = unit.shape;
    unit.z = run_.empty({shape.out_channels, shape.out_height(), shape.out_width()});
    stage_.push_back(Source<T>{index, number, sums_for(2 * shape.out_channels)});
  }

  /// The result of a branch is known from here on.
  void finish(size_t branch) {
    const size_t sum = run_.branches[branch].sum;
    if (--missing_[sum] > 0) return;
    place(sum);
    stage_.push_back(weighted_terms(sum));
    reach(sum);
  }

  /// Memory for a sum or shuffle: its own, or its part of that of a concatenation.
  void place(size_t number) {
    ValueRun& value = run_.values[number];
    if (!value.whole) {
      value.image = all_channels(run_.empty(value.shape));
      return;
    }
    ValueRun& all = run_.values[*value.whole];
    if (!all.image.all.defined()) all.image = all_channels(run_.empty(all.shape));
    value.image = {all.image.all, value.first, value.shape.channels};
  }

  WeightedTerms<T> weighted_terms(size_t sum) const {
    const int64_t channels = run_.values[sum].shape.channels;
    WeightedTerms<T> terms;
    terms.value = sum;
    std::vector<double> constant(static_cast<size_t>(channels));
    for (const size_t term : run_.values[sum].terms) {
      const BranchRun<T>& branch = run_.branches[term];
      terms.by_sample = terms.by_sample || !branch.samples.empty();
      terms.constants.emplace_back();
      if (!branch.statistics) {
        terms.factors.emplace_back(constant.size(), static_cast<T>(branch.factor));
        continue;
      }
      const ChannelMap map = normalization(*branch.statistics, branch.factor);
      terms.factors.push_back(padded_values<T>(map.scale, channels));
      for (size_t c = 0; c < constant.size(); ++c) constant[c] += map.shift[c];
      terms.constants.back() = map.shift;
    }
    terms.constant = padded_values<T>(constant, channels);
    return terms;
  }

  /// Those of one sample.
  WeightedTerms<T> terms_of_sample(const WeightedTerms<T>& all, int64_t n) const {
    WeightedTerms<T> terms = all;
    std::vector<double> constant(all.constant.size());
    for (size_t k = 0; k < all.factors.size(); ++k) {
      const T own = run_.branches[run_.values[all.value].terms[k]].sample_factor(n);
      for (T& factor : terms.factors[k]) factor *= own;
      for (size_t c = 0; c < all.constants[k].size(); ++c) {
        constant[c] += all.constants[k][c] * static_cast<double>(own);
      }
    }
    terms.constant = padded_values<T>(constant, static_cast<int64_t>(constant.size()));
    return terms;
  }

  void run_stage() {
    std::vector<Action> stage = std::exchange(stage_, {});
    SampleNeeds needs;
    for (const Action& action : stage) {
      const auto* source = std::get_if<Source<T>>(&action);
      if (source != nullptr) needs.cover(run_.branches[source->branch], source->unit);
    }
    chunks_.run(
        [&](int64_t chunk, int64_t n) { run_sample(stage, chunk, n, sample_memory<T>(needs)); });
    if (!run_.pass.training) let_go(stage);
    for (const Action& action : stage) {
      if (const auto* shuffled = std::get_if<Shuffled>(&action)) let_go_before(*shuffled);
      if (const auto* source = std::get_if<Source<T>>(&action)) set_statistics(*source);
    }
  }

  /// One sample through all of a stage.
  void run_sample(std::vector<Action>& stage, int64_t chunk, int64_t n,
                  const SampleMemory<T>& memory) {
    size_t framed = kNone;  // number of the value
    for (Action& action : stage) {
      if (const auto* terms = std::get_if<WeightedTerms<T>>(&action)) {
        if (terms->by_sample) {
          add_terms(terms_of_sample(*terms, n), n);
        } else {
          add_terms(*terms, n);
        }
        continue;
      }
      if (const auto* shuffled = std::get_if<Shuffled>(&action)) {
        shuffle(*shuffled, n);
        continue;
      }
      auto& source = std::get<Source<T>>(action);
      const BranchRun<T>& branch = branch_of(source);
      if (branch.units.empty()) {
        run_pool_or_norm(source, chunk, n, memory.scratch);
        continue;
      }
      const size_t input = source.unit == 0 ? branch.input : kNone;
      if (input == kNone || framed != input) {
        branch.units[source.unit].kernels->frame(run_.unit_input(branch, source.unit, n),
                                                 memory.framed);
        framed = input;
      }
      run_unit(source, chunk, n, memory);
    }
  }

  void run_unit(Source<T>& source, int64_t chunk, int64_t n, const SampleMemory<T>& memory) {
    const UnitRun<T>& unit = branch_of(source).units[source.unit];
    std::vector<T> sums(static_cast<size_t>(2 * unit.out));
    unit.kernels->separable_forward({unit.shape,
                                     {memory.framed, unit.frame},
                                     unit.depthwise.data(),
                                     unit.pointwise.data(),
                                     mutable_sample<T>(unit.z, n).at,
                                     sums.data(),
                                     memory.scratch});
    source.sums.add_rows(chunk, sums.data(), unit.out);
  }

  /// A pool and the sums of its result; or of a value itself: its products with one and itself.
  void run_pool_or_norm(Source<T>& source, int64_t chunk, int64_t n, T* scratch) {
    const BranchRun<T>& branch = branch_of(source);
    const ImageView& x = run_.values[branch.input].image;
    std::vector<T> sums(static_cast<size_t>(2 * x.channels));
    const auto& kernels = unpadded_kernels<T>(x.channels);
    const Pixels<const T> pixels = sample<T>(x, n);
    if (branch.pool) {
      T* pooled = mutable_sample<T>(branch.pooled, n).at;
      kernels.pool_forward({branch.pool_shape, *branch.pool, pixels, pooled, sums.data(), scratch});
    } else {
      kernels.product_sums({x.pixels(), x.channels, pixels, 1, &pixels, sums.data()});
    }
    source.sums.add_rows(chunk, sums.data(), x.channels);
  }

  void add_terms(const WeightedTerms<T>& terms, int64_t n) const {
    const ValueRun& value = run_.values[terms.value];
    std::vector<Pixels<const T>> pixels;
    std::vector<const T*> factors;
    for (size_t k = 0; k < value.terms.size(); ++k) {
      pixels.push_back(run_.result(run_.branches[value.terms[k]], n));
      factors.push_back(terms.factors[k].data());
    }
    const ImageView& out = value.image;
    unpadded_kernels<T>(out.channels)
        .weighted_sum({out.pixels(), out.channels, static_cast<int64_t>(pixels.size()),
                       pixels.data(), factors.data(), terms.constant.data(),
                       mutable_sample<T>(out, n)});
  }

  void shuffle(const Shuffled& action, int64_t n) const {
    const ValueRun& value = run_.values[action.value];
    const ImageView& x = run_.values[*value.unshuffled].image;
    ChannelShuffle<T> work;
    work.pixels = x.pixels();
    work.groups = value.groups;
    work.size = x.channels / value.groups;
    work.x = sample<T>(x, n);
    work.out = mutable_sample<T>(value.image, n);
    cpu_kernels<T>(x.channels).shuffle(work);
  }

  /// After a stage: what its batch norms do, and what comes next.
  void set_statistics(const Source<T>& source) {
    BranchRun<T>& branch = branch_of(source);
    if (branch.units.empty() && !branch.norm) return;
    const ChannelSums sums = channel_sums(source.sums.total());
    const auto count = [&](int64_t height, int64_t width) {
      return static_cast<double>(run_.samples * height * width);
    };
    if (branch.units.empty()) {
      const ImageShape& shape = run_.values[branch.sum].shape;
      branch.statistics =
          batch_statistics(*branch.norm, sums, count(shape.height, shape.width), run_.pass);
      return finish(source.branch);
    }
    UnitRun<T>& unit = branch.units[source.unit];
    const SeparableShape& shape = unit.shape;
    unit.statistics = batch_statistics(unit.unit.norm, sums,
                                       count(shape.out_height(), shape.out_width()), run_.pass);
    if (source.unit + 1 == branch.units.size()) {
      branch.statistics = unit.statistics;
      return finish(source.branch);
    }
    UnitRun<T>& next = branch.units[source.unit + 1];
    const ChannelMap map = normalization(unit.statistics, 1);
    next.scale = padded_values<T>(map.scale, next.in);
    next.shift = padded_values<T>(map.shift, next.in);
    start_unit(source.branch, source.unit + 1);
  }

  /// Frees what was shuffled, which nothing else reads.
  void let_go_before(const Shuffled& action) {
    ValueRun& before = run_.values[*run_.values[action.value].unshuffled];
    before.image.all.reset();
    for (const size_t part : before.parts) {
      if (run_.values[part].readers.empty()) run_.values[part].image.all.reset();
    }
  }

  /// Frees what nothing after this stage reads.
  void let_go(const std::vector<Action>& stage) {
    const auto read = [&](size_t value) {
      if (--readers_left_[value] == 0) run_.values[value].image.all.reset();
    };
    for (const Action& action : stage) {
      if (const auto* source = std::get_if<Source<T>>(&action)) {
        BranchRun<T>& branch = branch_of(*source);
        if (source->unit > 0) branch.units[source->unit - 1].z.reset();
        if (source->unit == 0 && (branch.pool || !branch.units.empty())) read(branch.input);
        continue;
      }
      if (const auto* shuffled = std::get_if<Shuffled>(&action)) {
        let_go_of_own(shuffled->value);
        continue;
      }
      const size_t sum = std::get<WeightedTerms<T>>(action).value;
      let_go_of_own(sum);
      for (const size_t term : run_.values[sum].terms) {
        BranchRun<T>& branch = run_.branches[term];
        if (!branch.units.empty()) {
          branch.units.back().z.reset();
        } else if (branch.pool) {
          branch.pooled.reset();
        } else {
          read(branch.input);
        }
      }
    }
  }

  /// Of a value that is not read itself; what it is a part of, and its slices, keep what they need.
  void let_go_of_own(size_t value) {
    if (readers_left_[value] == 0) run_.values[value].image.all.reset();
  }

  GraphRun<T>& run_;
  SampleChunks chunks_;
  std::vector<Action> stage_;         // what can be computed next
  std::vector<size_t> missing_;       // of each value: terms or parts that are not known yet
  std::vector<size_t> readers_left_;  // of each value
};

}  // namespace

template <class T>
void graph_forward(GraphRun<T>& run) {
  GraphForward<T>(run).run();
}

template void graph_forward(GraphRun<float>&);
template void graph_forward(GraphRun<double>&);

}  // namespace nas
