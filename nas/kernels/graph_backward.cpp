#include "nas/kernels/graph_backward.hpp"

#include <utility>

#include "nas/kernels/sample_chunks.hpp"
#include "nas/kernels/sample_memory.hpp"
#include "nas/kernels/value_backward.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// All that reads a value waits until the last of it can start.
template <class T>
class GraphBackward {
 public:
  GraphBackward(GraphRun<T> run, const std::vector<torch::Tensor>& outputs, WeightGradients weights)
      : run_(std::move(run)), chunks_(run_.samples) {
    setting_ = {chunks_.count(), weights == WeightGradients::wanted};
    places_.resize(run_.values.size());
    readers_.resize(run_.values.size());
    for (const ValueRun& value : run_.values) {
      missing_.push_back(value.readers.size() + (value.whole ? 1 : 0));
    }
    for (size_t i = 0; i < outputs.size(); ++i) take_gradient(run_.outputs[i], outputs[i]);
    for (const BranchRun<T>& branch : run_.branches) {
      gradients_.branches.emplace_back().units.resize(branch.units.size());
    }
    for (size_t value = 0; value < missing_.size(); ++value) {
      if (missing_[value] == 0) begin(value);
    }
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
    bool added_to = !run_.values[output].readers.empty();
    for (const size_t part : run_.values[output].parts) {
      added_to = added_to || !run_.values[part].readers.empty();
    }
    torch::Tensor own = channels_last(given);
    GradientPlace& place = places_[output];
    if (place.filled) {
      own = place.image.all + own;  // an output twice
    } else if (added_to && own.is_same(given)) {
      own = own.clone();
    }
    place = {all_channels(own), true};
  }

  /// All that reads a value can start.
  void begin(size_t number) {
    const ValueRun& value = run_.values[number];
    GradientPlace& place = places_[number];
    if (!place.image.all.defined()) place.image = all_channels(run_.empty(value.shape));
    values_.push_back(value_pass(run_, number, place, readers_[number], setting_));
    readers_[number].clear();
    for (const size_t part : value.parts) {
      places_[part] = {{place.image.all, run_.values[part].first, run_.values[part].shape.channels},
                       true};
      if (--missing_[part] == 0) begin(part);
    }
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
    for (const ValuePass<T>& value : values) cover(run_, value, needs);
    chunks_.run([&](int64_t chunk, int64_t n) {
      const SamplePass<T> at{chunk, n, sample_memory<T>(needs)};
      for (UnitPass<T>& unit : units) run_later_unit(run_, unit, at);
      for (ValuePass<T>& value : values) run_value(run_, value, at);
    });
    for (UnitPass<T>& unit : units) end(unit);
    for (ValuePass<T>& value : values) end(value);
  }

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
    run_.values[pass.value].image.all.reset();
    if (!pass.sums.empty()) end_sum(pass);
    if (pass.value >= run_.inputs) places_[pass.value].image.all.reset();
  }

  void end_sum(const ValuePass<T>& pass) {
    const std::vector<double> all = pass.sums.total();
    auto from = all.begin();
    for (const size_t term : run_.values[pass.value].terms) {
      const BranchRun<T>& branch = run_.branches[term];
      BranchGradients& gradients = gradients_.branches[term];
      const auto last = from + 2 * pass.place.image.channels;
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
      start({term, own ? 0 : branch.units.size() - 1, pass.place.image, std::move(norm)});
    }
  }

  GraphRun<T> run_;
  SampleChunks chunks_;
  UnitPassSetting setting_;
  GraphGradients gradients_;
  std::vector<GradientPlace> places_;            // by value
  std::vector<std::vector<UnitStart>> readers_;  // by value: those that can start
  std::vector<size_t> missing_;  // by value: readers that cannot, and what it is a part of
  // What the next pass over the samples does, in this order.
  std::vector<UnitPass<T>> units_;
  std::vector<ValuePass<T>> values_;
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
