#include "nas/plan/channel_groups.hpp"

#include <numeric>

namespace nas {
namespace {

/// Which nodes' outputs have their channels in common.
class Unions {
 public:
  explicit Unions(size_t size) : parent_(size), fixed_(size, 0) {
    std::iota(parent_.begin(), parent_.end(), size_t{0});
  }
  size_t root(size_t node) const {
    while (parent_[node] != node) node = parent_[node];
    return node;
  }
  void join(size_t a, size_t b) {
    const size_t to = root(a);
    const size_t from = root(b);
    fixed_[to] = fixed_[to] != 0 || fixed_[from] != 0 ? 1 : 0;
    parent_[from] = to;
  }
  void fix(size_t node) { fixed_[root(node)] = 1; }
  bool fixed(size_t node) const { return fixed_[root(node)] != 0; }

 private:
  std::vector<size_t> parent_;
  std::vector<char> fixed_;
};

/// Of one node: joins its output with its inputs where they have their channels in common, and
/// notes the dimensions of its weights.
class UsesOf {
 public:
  struct Found {
    size_t node;  // whose output's channels they are
    ChannelUse use;
  };

  UsesOf(const NetworkPlan& plan, const std::vector<Shape>& shape, Unions& unions)
      : plan_(plan), shape_(shape), unions_(unions) {}

  void visit(size_t node) {
    node_ = node;
    std::visit(*this, plan_.nodes[node].layer);
  }
  const std::vector<Found>& found() const { return found_; }

  void operator()(const Input&) { unions_.fix(node_); }
  void operator()(const Convolution& layer) {
    const bool depthwise = layer.groups > 1 && layer.groups == layer.in_channels &&
                           layer.out_channels == layer.in_channels;
    if (depthwise) {
      same();
      note(node_, {".weight", ".bias"});
    } else if (layer.groups == 1) {
      note(node_, {".weight", ".bias"});
      found_.push_back({input(), {name() + ".weight", 1, true}});
    } else {
      apart();
    }
  }
  void operator()(const Linear& layer) {
    note(node_, {".weight", ".bias"});
    if (layer.in_features == shape_[input()].channels) {
      found_.push_back({input(), {name() + ".weight", 1, true}});
    } else {
      unions_.fix(input());
    }
  }
  void operator()(const BatchNorm&) {
    same();
    note(node_, {".weight", ".bias", ".running_mean", ".running_var"});
  }
  void operator()(const LayerNorm&) {
    same();
    note(node_, {".weight", ".bias"});
  }
  void operator()(const Relu&) { same(); }
  void operator()(const Gelu&) { same(); }
  void operator()(const Activation&) { same(); }
  void operator()(const MaxPool&) { same(); }
  void operator()(const AveragePool&) { same(); }
  void operator()(const GlobalAveragePool&) { same(); }
  void operator()(const Identity&) { same(); }
  void operator()(const Zero&) { same(); }
  void operator()(const Shift&) { same(); }
  void operator()(const Resize&) { same(); }
  void operator()(const Multiply&) { same(); }
  void operator()(const Add&) { same(); }
  void operator()(const DropPath&) { same(); }
  void operator()(const Dropout&) { same(); }
  void operator()(const Concatenate&) { apart(); }
  void operator()(const PositionEmbedding&) { apart(); }
  void operator()(const Attention&) { apart(); }
  void operator()(const Mixed&) { apart(); }

 private:
  const std::string& name() const { return plan_.nodes[node_].name; }
  size_t input() const { return static_cast<size_t>(plan_.nodes[node_].inputs.front()); }
  void note(size_t node, std::initializer_list<const char*> tensors) {
    for (const char* tensor : tensors) found_.push_back({node, {name() + tensor, 0, false}});
  }
  void same() {
    for (const int64_t from : plan_.nodes[node_].inputs) {
      unions_.join(node_, static_cast<size_t>(from));
    }
  }
  void apart() {
    unions_.fix(node_);
    for (const int64_t from : plan_.nodes[node_].inputs) unions_.fix(static_cast<size_t>(from));
  }

  const NetworkPlan& plan_;
  const std::vector<Shape>& shape_;
  Unions& unions_;
  size_t node_ = 0;
  std::vector<Found> found_;
};

}  // namespace

std::vector<ChannelGroup> channel_groups(const NetworkPlan& plan, const Shape& input) {
  const std::vector<Shape> shape = shapes(plan, input);
  Unions unions(plan.nodes.size());
  UsesOf uses(plan, shape, unions);
  for (size_t node = 0; node < plan.nodes.size(); ++node) uses.visit(node);
  for (const int64_t output : plan.outputs) unions.fix(static_cast<size_t>(output));
  std::vector<ChannelGroup> groups;
  std::vector<size_t> group_of(plan.nodes.size(), plan.nodes.size());  // by root
  for (const auto& [node, use] : uses.found()) {
    if (unions.fixed(node)) continue;
    size_t& group = group_of[unions.root(node)];
    if (group == plan.nodes.size()) {
      group = groups.size();
      groups.push_back({shape[node].channels, {}});
    }
    groups[group].uses.push_back(use);
  }
  return groups;
}

}  // namespace nas
