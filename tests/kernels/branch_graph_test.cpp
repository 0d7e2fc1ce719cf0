#include "nas/kernels/branch_graph.hpp"

#include <ATen/Parallel.h>

#include "nas/kernels/grid_branch_graph.hpp"
#include "nas/torch/torch.hpp"
#include "tests/kernels/branch_scene.hpp"
#include "tests/kernels/layer_by_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A graph, and everything in it that has a gradient.
struct GraphScene {
  BranchGraph graph;
  std::vector<torch::Tensor> learned;
};

/// Adds the nodes of a graph over two inputs. Every kind of branch reads a value of its own memory
/// and one that is a part of a concatenation.
class GraphBuilder {
 public:
  GraphBuilder(int64_t channels, int64_t side, torch::ScalarType type)
      : channels_(channels), type_(type) {
    torch::manual_seed(17);
    for (int i = 0; i < 2; ++i) {
      scene_.graph.inputs.push_back(learned({kSamples, channels, side, side}, 1));
    }
  }

  GraphScene build() {
    add_sums();
    add_shuffles();
    return std::move(scene_);
  }

 private:
  static constexpr int64_t kSamples = 5;
  enum class PoolNorm { none, own };

  void add_sums() {
    const size_t first = sum({{0, units(2, 1), mask()}, {1, units(1, 1), {}}});
    const size_t second = sum({{0, units(1, 1), {}},
                               {first, pool(Pool::largest, PoolNorm::none), mask()},
                               {first, identity(), mask()}});
    const size_t third = sum({{first, units(1, 1), {}},
                              {second, pool(Pool::mean, PoolNorm::none), {}},
                              {second, IdentityBranch{norm(), factor()}, mask()},
                              {0, pool(Pool::largest, PoolNorm::own), mask()}});
    const size_t all = concatenation({first, second, third});
    const size_t halved = sum({{all, narrowing(3), {}}});
    const size_t read = sum({{halved, units(2, 2), mask()},
                             {halved, pool(Pool::largest, PoolNorm::none, 2), {}},
                             {halved, pool(Pool::mean, PoolNorm::own, 2), {}},
                             {all, narrowing(3, 2), {}}});
    const size_t last = sum({{all, narrowing(3), {}}, {halved, identity(), {}}});
    scene_.graph.outputs = {read, last, all, read};
  }

  /// Slices of an input that is read otherwise, too, of a shuffle that is a part of a
  /// concatenation, and of one that is an output; some of each unread.
  void add_shuffles() {
    const size_t input = add(GraphSlice{0, 0, 1, 1});
    const auto three = [&] {
      return concatenation({sum({{input, units(1, 1), {}}, {0, identity(), mask()}}),
                            sum({{1, units(2, 1), {}}, {input, identity(), {}}}),
                            sum({{input, pool(Pool::largest, PoolNorm::own), {}}})});
    };
    const size_t shuffled = add(GraphShuffle{three(), 3});
    const size_t own = add(GraphSlice{shuffled, 0, 1, 3});
    const size_t rest = add(GraphSlice{shuffled, 1, 3, 3});
    const size_t sums = sum({{own, units(1, 1), mask()}, {own, identity(), {}}});
    const size_t all = concatenation({shuffled, sums});
    const size_t read = sum({{all, narrowing(4), {}}, {rest, narrowing(2), {}}});
    const size_t halved = sum({{rest, PoolBranch{Pool::largest, 2, {}, factor(), 2}, {}},
                               {rest, PoolBranch{Pool::mean, 2, {}, factor(), 2}, mask()}});
    const size_t last = add(GraphShuffle{three(), 3});
    const size_t unread = add(GraphSlice{last, 0, 2, 3});
    const size_t other = add(GraphSlice{last, 2, 3, 3});
    static_cast<void>(unread);
    const size_t end = sum({{other, units(1, 1), {}}, {last, narrowing(3), {}}});
    for (const size_t output : {read, halved, last, end}) scene_.graph.outputs.push_back(output);
  }

  torch::Tensor learned(const std::vector<int64_t>& shape, double scale) {
    scene_.learned.push_back(
        (torch::randn(shape, torch::kDouble) * scale).to(type_).set_requires_grad(true));
    return scene_.learned.back();
  }
  torch::Tensor factor() { return learned({}, 1); }
  torch::Tensor mask() const { return torch::rand({kSamples}, torch::kDouble).to(type_); }
  NormWeights norm() {
    return {learned({channels_}, 1), learned({channels_}, 1), torch::zeros(channels_, type_),
            torch::ones(channels_, type_)};
  }
  SeparableUnit unit(int64_t in, int64_t stride) {
    return {3,  stride, 1, learned({in, 1, 3, 3}, 0.3), learned({channels_, in, 1, 1}, 0.3),
            {}, norm()};
  }
  Branch units(int64_t count, int64_t stride) {
    SeparableBranch branch;
    for (int64_t i = 0; i < count; ++i) {
      branch.units.push_back(unit(channels_, i == 0 ? stride : 1));
    }
    branch.factor = factor();
    return branch;
  }
  /// From `times` as many channels to as many as most has.
  Branch narrowing(int64_t times, int64_t stride = 1) {
    if (stride > 1) return SeparableBranch{{unit(times * channels_, stride)}, {}};
    SeparableUnit pointwise{1,  1,     1, {}, learned({channels_, times * channels_, 1, 1}, 0.3),
                            {}, norm()};
    return SeparableBranch{{pointwise}, factor()};
  }
  Branch pool(Pool kind, PoolNorm kept, int64_t stride = 1) {
    PoolBranch branch{kind, stride, {}, factor()};
    if (kept == PoolNorm::own) branch.norm = norm();
    return branch;
  }
  Branch identity() { return IdentityBranch{{}, factor()}; }

  size_t add(GraphNode node) {
    scene_.graph.nodes.push_back(std::move(node));
    return scene_.graph.inputs.size() + scene_.graph.nodes.size() - 1;
  }
  size_t sum(std::vector<GraphTerm> terms) { return add(GraphSum{std::move(terms)}); }
  size_t concatenation(std::vector<size_t> values) {
    return add(GraphConcatenation{std::move(values)});
  }

  int64_t channels_;
  torch::ScalarType type_;
  GraphScene scene_;
};

/// The first-th to before the last-th of equal parts.
torch::Tensor slice_of(const torch::Tensor& x, const GraphSlice& slice) {
  const auto parts = x.chunk(slice.parts, 1);
  return at::cat(
      std::vector<torch::Tensor>(parts.begin() + slice.first, parts.begin() + slice.last), 1);
}

/// The first channel of each group, then the second of each.
torch::Tensor shuffled(const torch::Tensor& x, int64_t groups) {
  const int64_t size = x.size(1) / groups;
  std::vector<torch::Tensor> channels;
  for (int64_t j = 0; j < size; ++j) {
    for (int64_t i = 0; i < groups; ++i) channels.push_back(x.narrow(1, i * size + j, 1));
  }
  return at::cat(channels, 1);
}

/// branch_graph() by LibTorch's own layers.
std::vector<torch::Tensor> graph_by_layers(const BranchGraph& graph, const NormPass& pass) {
  std::vector<torch::Tensor> values = graph.inputs;
  for (const GraphNode& node : graph.nodes) {
    if (const auto* concatenation = std::get_if<GraphConcatenation>(&node)) {
      std::vector<torch::Tensor> parts;
      for (const size_t value : concatenation->values) parts.push_back(values[value]);
      values.push_back(at::cat(parts, 1));
      continue;
    }
    if (const auto* slice = std::get_if<GraphSlice>(&node)) {
      values.push_back(slice_of(values[slice->value], *slice));
      continue;
    }
    if (const auto* shuffle = std::get_if<GraphShuffle>(&node)) {
      values.push_back(shuffled(values[shuffle->value], shuffle->groups));
      continue;
    }
    torch::Tensor sum;
    for (const auto& [value, branch, samples] : std::get<GraphSum>(node).terms) {
      torch::Tensor term = layer_by_layer(values[value], {&branch, 1}, pass);
      if (samples.defined()) term = term * samples.view({-1, 1, 1, 1});
      sum = sum.defined() ? sum + term : term;
    }
    values.push_back(sum);
  }
  std::vector<torch::Tensor> outputs;
  for (const size_t output : graph.outputs) outputs.push_back(values[output]);
  return outputs;
}

/// The outputs, and all gradients for one random direction.
template <class Outputs>
std::vector<torch::Tensor> figures(const GraphScene& scene, const Outputs& outputs_of) {
  std::vector<torch::Tensor> found = outputs_of(scene.graph, NormPass{/*training=*/true, 0.3});
  torch::manual_seed(5);
  std::vector<torch::Tensor> directions;
  for (const torch::Tensor& output : found) {
    directions.push_back(torch::randn(output.sizes(), torch::kDouble).to(output.scalar_type()));
  }
  const auto gradients = torch::autograd::grad(found, scene.learned, directions);
  for (torch::Tensor& output : found) output = output.detach();
  found.insert(found.end(), gradients.begin(), gradients.end());
  return found;
}

GraphScene graph_of(int64_t channels, int64_t side, torch::ScalarType type) {
  return GraphBuilder(channels, side, type).build();
}

}  // namespace

TEST_CASE("graphs of sums and their gradients equal those of LibTorch's layers", "[kernels]") {
  const int64_t channels = GENERATE(1, 5, 16, 20);
  const int64_t side = GENERATE(5, 8);
  CAPTURE(channels, side);
  const auto expected = figures(graph_of(channels, side, torch::kDouble), graph_by_layers);
  const auto found = figures(graph_of(channels, side, torch::kDouble), branch_graph);
  REQUIRE(largest_difference(found, expected) < 1e-9);
  const auto in_float = figures(graph_of(channels, side, torch::kFloat), branch_graph);
  REQUIRE(largest_difference(in_float, expected) < 2e-2);  // up to ten rounded layers in a row
}

TEST_CASE("grids give the same for a graph", "[kernels]") {
  const auto expected = figures(graph_of(5, 8, torch::kDouble), graph_by_layers);
  const auto format = GENERATE(torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast);
  GraphScene scene = graph_of(5, 8, torch::kDouble);
  for (torch::Tensor& input : scene.graph.inputs) input = input.contiguous(format);
  const auto found = figures(scene, grid_branch_graph);
  REQUIRE(largest_difference(found, expected) < 1e-9);
}

TEST_CASE("without training a graph uses the running statistics", "[kernels]") {
  const GraphScene scene = graph_of(20, 8, torch::kDouble);
  figures(scene, branch_graph);  // moves the running statistics
  const torch::NoGradGuard no_grad;
  const auto expected = graph_by_layers(scene.graph, {});
  REQUIRE(largest_difference(branch_graph(scene.graph, {}), expected) < 1e-9);
}

TEST_CASE("the number of threads does not change the bits of a graph", "[kernels]") {
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto alone = figures(graph_of(16, 8, torch::kFloat), branch_graph);
  at::set_num_threads(3);
  const auto together = figures(graph_of(16, 8, torch::kFloat), branch_graph);
  at::set_num_threads(before);
  REQUIRE(alone.size() == together.size());
  for (size_t i = 0; i < alone.size(); ++i) REQUIRE(torch::equal(alone[i], together[i]));
}

TEST_CASE("a graph goes back twice where it is kept, and leaves the gradients it was given alone",
          "[kernels]") {
  const GraphScene scene = graph_of(16, 8, torch::kFloat);
  const auto outputs = branch_graph(scene.graph, {true, 0.3});
  std::vector<torch::Tensor> directions;
  for (const torch::Tensor& output : outputs) {
    directions.push_back(torch::ones_like(output, torch::MemoryFormat::ChannelsLast));
  }
  const auto first = torch::autograd::grad(outputs, scene.learned, directions, true);
  const auto second = torch::autograd::grad(outputs, scene.learned, directions);
  for (size_t i = 0; i < first.size(); ++i) REQUIRE(torch::equal(first[i], second[i]));
  for (const torch::Tensor& direction : directions) {
    REQUIRE(torch::equal(direction, torch::ones_like(direction)));
  }
  REQUIRE_THROWS(torch::autograd::grad(outputs, scene.learned, directions));
}

TEST_CASE("a graph whose input was overwritten does not go back", "[kernels]") {
  const GraphScene scene = graph_of(16, 8, torch::kFloat);
  BranchGraph graph = scene.graph;
  graph.inputs[0] = (graph.inputs[0] * 2).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto outputs = branch_graph(graph, {true, 0.3});
  graph.inputs[0].mul_(3);
  REQUIRE_THROWS_WITH(outputs[0].sum().backward(),
                      ContainsSubstring("modified by an inplace operation"));
}

}  // namespace nas
