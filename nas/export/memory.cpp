#include "nas/export/memory.hpp"

#include <variant>

#include "nas/export/arena.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// How many of a layer's inputs, counted from the first, its output may be written over: it gives
/// number i from numbers i of its inputs, or a position from that position.
struct Overwritable {
  size_t inputs = 0;

  size_t operator()(const BatchNorm&) const { return 1; }
  size_t operator()(const Relu&) const { return 1; }
  size_t operator()(const Activation&) const { return 1; }
  size_t operator()(const Gelu&) const { return 1; }
  size_t operator()(const LayerNorm&) const { return 1; }
  size_t operator()(const PositionEmbedding&) const { return 1; }
  size_t operator()(const Multiply&) const { return 1; }
  size_t operator()(const Identity&) const { return 1; }
  size_t operator()(const DropPath&) const { return 1; }
  size_t operator()(const Dropout&) const { return 1; }
  size_t operator()(const Add&) const { return inputs; }
  size_t operator()(const Input&) const { return 0; }
  size_t operator()(const Convolution&) const { return 0; }
  size_t operator()(const MaxPool&) const { return 0; }
  size_t operator()(const AveragePool&) const { return 0; }
  size_t operator()(const GlobalAveragePool&) const { return 0; }
  size_t operator()(const Linear&) const { return 0; }
  size_t operator()(const Zero&) const { return 0; }
  size_t operator()(const Shift&) const { return 0; }
  size_t operator()(const Resize&) const { return 0; }
  size_t operator()(const Concatenate&) const { return 0; }
  size_t operator()(const Attention&) const { return 0; }
  size_t operator()(const Mixed&) const { return 0; }
};

int64_t numbers_in(const Shape& shape) { return shape.channels * shape.height * shape.width; }

/// By node: the last node that reads it; one after all nodes for outputs.
std::vector<int64_t> last_readers(const NetworkPlan& plan) {
  std::vector<int64_t> last(plan.nodes.size(), 0);
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    last[i] = static_cast<int64_t>(i);
    for (const int64_t input : plan.nodes[i].inputs) last[at(input)] = static_cast<int64_t>(i);
  }
  for (const int64_t output : plan.outputs) {
    last[at(output)] = static_cast<int64_t>(plan.nodes.size());
  }
  return last;
}

/// The blocks of an arena, and the block that each node's output is.
class Blocks {
 public:
  Blocks(const NetworkPlan& plan, const Shape& input)
      : plan_(plan), shapes_(shapes(plan, input)), last_(last_readers(plan)) {
    const size_t nodes = plan.nodes.size();
    output_.assign(nodes, -1);
    scratch_.assign(nodes, -1);
    for (size_t i = 1; i < nodes; ++i) {
      place_output(i);
      place_scratch(i);
    }
  }

  MemoryPlan arranged() const {
    const ArenaPlan arena = plan_arena(blocks_);
    const auto offsets = [&](const std::vector<int64_t>& of) {
      std::vector<int64_t> result;
      result.reserve(of.size());
      for (const int64_t block : of) result.push_back(block < 0 ? -1 : arena.offsets[at(block)]);
      return result;
    };
    return {offsets(output_), offsets(scratch_), arena.size};
  }

 private:
  void place_output(size_t node) {
    const auto& inputs = plan_.nodes[node].inputs;
    const size_t candidates = std::visit(Overwritable{inputs.size()}, plan_.nodes[node].layer);
    for (size_t i = 0; i < candidates; ++i) {
      const auto source = at(inputs[i]);
      if (source == 0 || last_[source] != static_cast<int64_t>(node)) continue;
      output_[node] = output_[source];
      blocks_[at(output_[node])].last = last_[node];
      return;
    }
    output_[node] = add(numbers_in(shapes_[node]), node, last_[node]);
  }

  /// Attention keeps the weights of one position.
  void place_scratch(size_t node) {
    if (!std::holds_alternative<Attention>(plan_.nodes[node].layer)) return;
    const auto step = static_cast<int64_t>(node);
    scratch_[node] = add(shapes_[node].height * shapes_[node].width, node, step);
  }

  int64_t add(int64_t size, size_t first, int64_t last) {
    blocks_.push_back({size, static_cast<int64_t>(first), last});
    return static_cast<int64_t>(blocks_.size()) - 1;
  }

  const NetworkPlan& plan_;
  std::vector<Shape> shapes_;
  std::vector<int64_t> last_;
  std::vector<Block> blocks_;
  std::vector<int64_t> output_;
  std::vector<int64_t> scratch_;
};

}  // namespace

MemoryPlan plan_memory(const NetworkPlan& plan, const Shape& input) {
  return Blocks(plan, input).arranged();
}

}  // namespace nas
