#include "nas/kernels/graph_backward.hpp"

#include <utility>
#include <variant>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/kernels/value_backward.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// All that reads a value waits until the last of it can start. Slices of a value add to its
/// gradient after what reads it whole; then it is gathered.
template <class T>
class GraphBackward {
 public:
  GraphBackward(GraphRun<T> run, const std::vector<torch::Tensor>& outputs, WeightGradients weights)
      : run_(std::move(run)), chunks_(run_.samples) {
    setting_ = {chunks_.count(), weights == WeightGradients::wanted};
    places_.resize(run_.values.size());
    readers_.resize(run_.values.size());
    for (const ValueRun& value : run_.values) {
      missing_.push_back(value.readers.size() + (value.whole ? 1 : 0) + (value.sliced ? 1 : 0) +
                         (value.shuffle ? 1 : 0));
      slices_left_.push_back(value.slices.size());
    }
    for (size_t i = 0; i < outputs.size(); ++i) take_gradient(run_.outputs[i], outputs[i]);
    for (const BranchRun<T>& branch : run_.branches) {
      gradients_.branches.emplace_back().units.resize(branch.units.size());
    }
    std::vector<size_t> ready;
    for (size_t value = 0; value < missing_.size(); ++value) {
      if (missing_[value] == 0) ready.push_back(value);
    }
    for (const size_t value : ready) begin(value);
  }

  GraphGradients run() && {
    while (!units_.empty() || !values_.empty()) run_stage();
    for (size_t i = 0; i < run_.inputs; ++i) {
      gradients_.inputs.push_back(std::move(places_[i].image.all));
    }
    return std::move(gradients_);
  }

 private:
  /// That of an output is the caller's: what is added to is a copy.
  void take_gradient(size_t output, const torch::Tensor& given) {
    bool added_to = is_added_to(output);
    for (const size_t part : run_.values[output].parts) added_to = added_to || is_added_to(part);
    torch::Tensor own = channels_last(given);
    GradientPlace& place = places_[output];
    if (place.filled) {
      own = place.image.all + own;  // an output twice
    } else if (added_to && own.is_same(given)) {
      own = own.clone();
    }
    place = {all_channels(own), true};
  }

  /// Whether there is more to a value's gradient than what it begins with.
  bool is_added_to(size_t value) const {
    return !run_.values[value].readers.empty() || !run_.values[value].slices.empty();
  }

  /// All that reads a value can start, its slices when what reads these can, too.
  void begin(size_t number) {
    const ValueRun& value = run_.values[number];
    if (value.sliced) {
      const GradientPlace& whole = place_of(*value.sliced);
      places_[number] = {channels_of(number, whole.image), whole.filled};
    }
    const bool filled_later = places_[number].filled || !value.slices.empty();
    if (!readers_[number].empty() || !filled_later) {
      GradientPlace& place = place_of(number);
      values_.push_back(value_pass(run_, number, place, readers_[number], setting_));
      place.filled = true;
      readers_[number].clear();
    }
    for (const size_t slice : value.slices) {
      if (--missing_[slice] == 0) begin(slice);
    }
    if (value.slices.empty()) gathered(number);
  }

  GradientPlace& place_of(size_t number) {
    GradientPlace& place = places_[number];
    if (!place.image.all.defined()) {
      place.image = all_channels(run_.empty(run_.values[number].shape));
    }
    return place;
  }

  /// Where a part or slice lies in the whole.
  ImageView channels_of(size_t part, const ImageView& whole) const {
    const ValueRun& own = run_.values[part];
    return {whole.all, whole.first + own.first, own.shape.channels};
  }

  /// All of a value's gradient is there from here on.
  void gathered(size_t number) {
    const ValueRun& value = run_.values[number];
    GatheredPass<T> pass;
    pass.value = number;
    pass.gradient = places_[number].image;
    const auto terms = static_cast<int64_t>(value.terms.size());
    if (terms > 0) pass.sums = {chunks_.count(), 2 * terms * value.shape.channels};
    if (value.unshuffled) {
      pass.unshuffled = all_channels(run_.empty(value.shape));
      places_[*value.unshuffled] = {pass.unshuffled, true};
    }
    values_.push_back(std::move(pass));
    if (value.unshuffled && --missing_[*value.unshuffled] == 0) begin(*value.unshuffled);
    for (const size_t part : value.parts) {
      places_[part] = {channels_of(part, places_[number].image), true};
      if (--missing_[part] == 0) begin(part);
    }
    if (value.sliced && --slices_left_[*value.sliced] == 0) gathered(*value.sliced);
  }

  /// The gradient of the result of a branch, or of its unit's batch norm, is known.
  void start(UnitStart start) {
    if (start.index > 0) {
      units_.push_back(unit_pass(run_, start, setting_));
      return;
    }
    const size_t value = run_.branches[start.branch].input;
    readers_[value].push_back(std::move(start));
    if (--missing_[value] == 0) begin(value);
  }

  void run_stage() {
    auto units = std::exchange(units_, {});
    auto values = std::exchange(values_, {});
    SampleNeeds needs;
    for (const UnitPass<T>& unit : units) needs.cover(run_.branches[unit.branch], unit.index);
    for (const auto& value : values) {
      if (const auto* pass = std::get_if<ValuePass<T>>(&value)) cover(run_, *pass, needs);
    }
    chunks_.run([&](int64_t chunk, int64_t n) {
      const SamplePass<T> at{chunk, n, sample_memory<T>(needs)};
      for (UnitPass<T>& unit : units) run_later_unit(run_, unit, at);
      for (auto& value : values) {
        std::visit([&](auto& pass) { run_one(pass, at); }, value);
      }
    });
    for (UnitPass<T>& unit : units) end(unit);
    for (auto& value : values) {
      std::visit([&](auto& pass) { end(pass); }, value);
    }
  }

  void run_one(ValuePass<T>& pass, const SamplePass<T>& at) { run_value(run_, pass, at); }
  void run_one(GatheredPass<T>& pass, const SamplePass<T>& at) { run_gathered(run_, pass, at); }

  UnitGradients& gradients_of(size_t branch, size_t unit) {
    return gradients_.branches[branch].units[unit];
  }

  void end(UnitPass<T>& pass) {
    collect(pass, gradients_of(pass.branch, pass.index));
    auto& units = run_.branches[pass.branch].units;
    units[pass.index].z.reset();
    NormGradient norm =
        norm_gradient(units[pass.index - 1].statistics, channel_sums(pass.input_sums.total()), 1);
    UnitGradients& before = gradients_of(pass.branch, pass.index - 1);
    before.norm_weight = std::move(norm.weight);
    before.norm_bias = std::move(norm.bias);
    start({pass.branch, pass.index - 1, all_channels(pass.dx), std::move(norm)});
  }

  void end(ValuePass<T>& pass) {
    for (UnitPass<T>& unit : pass.units) {
      collect(unit, gradients_of(unit.branch, 0));
      run_.branches[unit.branch].units.front().z.reset();
    }
    for (const auto& pool : pass.pools) run_.branches[pool.branch].pooled.reset();
  }

  void end(GatheredPass<T>& pass) {
    run_.values[pass.value].image.all.reset();
    if (!pass.sums.empty()) end_sum(pass);
    if (pass.value >= run_.inputs) places_[pass.value].image.all.reset();
  }

  void end_sum(const GatheredPass<T>& pass) {
    const std::vector<double> all = pass.sums.total();
    auto from = all.begin();
    for (const size_t term : run_.values[pass.value].terms) {
      const BranchRun<T>& branch = run_.branches[term];
      BranchGradients& gradients = gradients_.branches[term];
      const auto last = from + 2 * pass.gradient.channels;
      const ChannelSums sums = channel_sums({from, last});
      from = last;
      NormGradient norm = branch.statistics ? norm_gradient(*branch.statistics, sums, branch.factor)
                                            : plain_gradient(sums, branch.factor);
      gradients.factor = norm.factor;
      const bool own = branch.units.empty();
      auto& weight = own ? gradients.norm_weight : gradients.units.back().norm_weight;
      auto& bias = own ? gradients.norm_bias : gradients.units.back().norm_bias;
      weight = std::move(norm.weight);
      bias = std::move(norm.bias);
      start({term, own ? 0 : branch.units.size() - 1, pass.gradient, std::move(norm)});
    }
  }

  GraphRun<T> run_;
  SampleChunks chunks_;
  UnitPassSetting setting_;
  GraphGradients gradients_;
  std::vector<GradientPlace> places_;            // by value
  std::vector<std::vector<UnitStart>> readers_;  // by value: those that can start
  // By value: readers that cannot, and others whose gradients its own takes in or is a part of.
  std::vector<size_t> missing_;
  std::vector<size_t> slices_left_;  // by value: those not gathered yet
  // What the next pass over the samples does, in this order.
  std::vector<UnitPass<T>> units_;
  std::vector<std::variant<ValuePass<T>, GatheredPass<T>>> values_;
};

}  // namespace

template <class T>
GraphGradients graph_backward(GraphRun<T> run, const std::vector<torch::Tensor>& outputs,
                              WeightGradients weights) {
  return GraphBackward<T>(std::move(run), outputs, weights).run();
}

template GraphGradients graph_backward(GraphRun<float>, const std::vector<torch::Tensor>&,
                                       WeightGradients);
template GraphGradients graph_backward(GraphRun<double>, const std::vector<torch::Tensor>&,
                                       WeightGradients);

}  // namespace nas
