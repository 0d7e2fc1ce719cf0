#include "nas/plan/path_network.hpp"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "nas/core/error.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

/// The option of weight other than 0 in the layer's row; nothing where there is none.
std::optional<size_t> chosen_option(const Mixed& mixed, const ArchitectureWeights& path,
                                    const Node& node) {
  if (mixed.part != 1) {
    throw InputError(fmt::format("path through {}: found 1/{} of the channels, expected all",
                                 node.name, mixed.part));
  }
  const size_t first = at(mixed.row) * mixed.options.size();
  std::optional<size_t> chosen;
  for (size_t k = 0; k < mixed.options.size(); ++k) {
    if (path[at(mixed.group)][first + k] == 0) continue;
    if (chosen) {
      throw InputError(fmt::format("path through {}: found options {} and {}, expected one",
                                   node.name, *chosen, k));
    }
    chosen = k;
  }
  return chosen;
}

class PathBuilder {
 public:
  PathBuilder(const SupernetPlan& plan, const ArchitectureWeights& path, const Shape& input)
      : whole_(plan.network), path_(path), shapes_(shapes(plan.network, input)) {}

  NetworkPlan build() && {
    moved_.emplace_back(PlanBuilder::kInput);
    for (size_t i = 1; i < whole_.nodes.size(); ++i) moved_.push_back(add(whole_.nodes[i]));
    std::vector<int64_t> outputs;
    for (const int64_t output : whole_.outputs) outputs.push_back(present(output));
    return std::move(plan_).finish(std::move(outputs));
  }

 private:
  /// The node's index in the new plan; nothing for an edge that is absent.
  std::optional<int64_t> add(const Node& node) {
    if (const auto* mixed = std::get_if<Mixed>(&node.layer)) {
      const auto option = chosen_option(*mixed, path_, node);
      if (!option) return std::nullopt;
      return plan_.splice(mixed->options[*option], present(node.inputs.front()),
                          fmt::format("{}.{}", node.name, *option));
    }
    std::vector<int64_t> inputs;
    const bool sum = std::holds_alternative<Add>(node.layer);
    for (const int64_t input : node.inputs) {
      if (!sum || moved_[at(input)]) inputs.push_back(present(input));
    }
    if (sum && inputs.empty()) return present(node.inputs.front());
    return plan_.add(node.layer, std::move(inputs), node.name);
  }

  /// The index of what stands for a node of the supernet: zeros where that is absent.
  int64_t present(int64_t index) {
    auto& moved = moved_[at(index)];
    if (moved) return *moved;
    const Node& node = whole_.nodes[at(index)];
    const Shape& in = shapes_[at(node.inputs.front())];
    const Shape& out = shapes_[at(index)];
    const int64_t stride = (in.height + out.height - 1) / out.height;
    const Zero zero{stride};
    if (Shape{in.channels, (in.height - 1) / stride + 1, (in.width - 1) / stride + 1} != out) {
      throw InputError(fmt::format("path without {}: zeros of {} do not follow from {}", node.name,
                                   to_text(out), to_text(in)));
    }
    moved = plan_.add(zero, {present(node.inputs.front())}, node.name + ".absent");
    return *moved;
  }

  const NetworkPlan& whole_;
  const ArchitectureWeights& path_;
  std::vector<Shape> shapes_;
  std::vector<std::optional<int64_t>> moved_;
  PlanBuilder plan_;
};

}  // namespace

NetworkPlan path_network(const SupernetPlan& plan, const ArchitectureWeights& path,
                         const Shape& input) {
  return PathBuilder(plan, path, input).build();
}

}  // namespace nas
