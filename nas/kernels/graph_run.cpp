#include "nas/kernels/graph_run.hpp"

#include <algorithm>

#include "nas/kernels/unit_packing.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

double value_of(const torch::Tensor& factor) {
  return factor.defined() ? factor.item<double>() : 1.0;
}

SeparableShape shape_of(const SeparableUnit& unit, const ImageShape& input) {
  SeparableShape shape{input.height, input.width, input.channels, unit.pointwise.size(0),
                       unit.kernel,  unit.stride, unit.dilation};
  if (!unit.depthwise.defined()) shape.spread = Spread::none;
  if (unit.over_all_channels()) shape.spread = Spread::tiles;
  if (unit.shifted.defined()) {
    shape.spread = Spread::diagonals;
    shape.out_channels += unit.shifted.size(0);
  }
  return shape;
}

template <class T>
UnitRun<T> unit_run(const SeparableUnit& unit, const ImageShape& input) {
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
  return run;
}

}  // namespace

template <class T>
GraphRun<T>::GraphRun(const BranchGraph& graph, const NormPass& norms)
    : pass(norms),
      samples(graph.inputs.front().size(0)),
      options(graph.inputs.front().options()),
      inputs(graph.inputs.size()),
      outputs(graph.outputs) {
  for (const torch::Tensor& x : graph.inputs) {
    add_value({x.size(1), x.size(2), x.size(3)});
    values.back().image = all_channels(channels_last(x.detach()));
  }
  for (const GraphNode& node : graph.nodes) {
    std::visit([&](const auto& kind) { add(kind); }, node);
  }
  share_frames();
}

template <class T>
void GraphRun<T>::add_value(ImageShape shape) {
  values.emplace_back().shape = shape;
}

template <class T>
void GraphRun<T>::add(const GraphSum& sum) {
  ImageShape shape;
  std::vector<size_t> terms;
  for (const GraphTerm& term : sum.terms) {
    terms.push_back(branches.size());
    values[term.value].readers.push_back(branches.size());
    BranchRun<T>& run = branches.emplace_back();
    run.input = term.value;
    run.sum = values.size();
    const ImageShape own =
        std::visit([&](const auto& kind) { return add(kind, run); }, term.branch);
    TORCH_CHECK(terms.size() == 1 || own == shape, "terms of one sum differ in shape");
    shape = own;
    if (term.samples.defined()) {
      const torch::Tensor factors = term.samples.contiguous();
      run.samples.assign(factors.const_data_ptr<T>(), factors.const_data_ptr<T>() + samples);
    }
  }
  add_value(shape);
  values.back().terms = std::move(terms);
}

template <class T>
void GraphRun<T>::add(const GraphConcatenation& concatenation) {
  ImageShape shape = values[concatenation.values.front()].shape;
  shape.channels = 0;
  for (const size_t part : concatenation.values) {
    values[part].whole = values.size();
    values[part].first = shape.channels;
    shape.channels += values[part].shape.channels;
  }
  add_value(shape);
  values.back().parts = concatenation.values;
}

template <class T>
void GraphRun<T>::add(const GraphSlice& slice) {
  ImageShape shape = values[slice.value].shape;
  const int64_t part = shape.channels / slice.parts;
  shape.channels = (slice.last - slice.first) * part;
  values[slice.value].slices.push_back(values.size());
  add_value(shape);
  values.back().sliced = slice.value;
  values.back().first = slice.first * part;
}

template <class T>
void GraphRun<T>::add(const GraphShuffle& shuffle) {
  values[shuffle.value].shuffle = values.size();
  add_value(values[shuffle.value].shape);
  values.back().unshuffled = shuffle.value;
  values.back().groups = shuffle.groups;
}

template <class T>
ImageShape GraphRun<T>::add(const SeparableBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  ImageShape shape = values[run.input].shape;
  for (const SeparableUnit& unit : branch.units) {
    const SeparableShape& own = run.units.emplace_back(unit_run<T>(unit, shape)).shape;
    shape = {own.out_channels, own.out_height(), own.out_width()};
  }
  return shape;
}

template <class T>
ImageShape GraphRun<T>::add(const PoolBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  run.pool = branch.pool;
  run.norm = branch.norm;
  const ImageShape& input = values[run.input].shape;
  run.pool_shape = {input.height, input.width, input.channels, branch.stride, branch.window};
  return {input.channels, run.pool_shape.out_height(), run.pool_shape.out_width()};
}

template <class T>
ImageShape GraphRun<T>::add(const IdentityBranch& branch, BranchRun<T>& run) const {
  run.factor = value_of(branch.factor);
  run.norm = branch.norm;
  return values[run.input].shape;
}

/// The first units of all branches over one value share a frame, wide enough for each.
template <class T>
void GraphRun<T>::share_frames() {
  for (const ValueRun& value : values) {
    int64_t widest = 0;
    for (const size_t reader : value.readers) {
      const auto& units = branches[reader].units;
      if (!units.empty()) widest = std::max(widest, units.front().frame);
    }
    for (const size_t reader : value.readers) {
      auto& units = branches[reader].units;
      if (!units.empty()) units.front().frame = widest;
    }
  }
}

template <class T>
FrameInput<T> GraphRun<T>::unit_input(const BranchRun<T>& branch, size_t index, int64_t n) const {
  const UnitRun<T>& unit = branch.units[index];
  const bool first = index == 0;
  return {
      unit.shape.height,
      unit.shape.width,
      unit.shape.in_channels,
      unit.frame,
      first ? sample<T>(values[branch.input].image, n) : sample<T>(branch.units[index - 1].z, n),
      first ? nullptr : unit.scale.data(),
      first ? nullptr : unit.shift.data()};
}

template struct GraphRun<float>;
template struct GraphRun<double>;

}  // namespace nas
