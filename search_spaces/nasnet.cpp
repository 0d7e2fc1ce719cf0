#include "search_spaces/nasnet.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/cell_network.hpp"
#include "search_spaces/genotype_text.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 8> kOperations{
    "skip_connect", "avg_pool_3x3", "max_pool_3x3", "sep_conv_3x3",
    "sep_conv_5x5", "sep_conv_7x7", "dil_conv_3x3", "conv_7x1_1x7"};

/// Two edges a node.
using Edges = std::vector<CellEdge>;

void add_cell_choices(Choices& choices, const std::string& cell, int64_t nodes) {
  const Categorical operations{{kOperations.begin(), kOperations.end()}};
  Categorical inputs{{"0"}};
  for (int64_t node = 0; node < nodes; ++node) {
    inputs.options.push_back(fmt::format("{}", node + 1));
    for (int k = 0; k < 2; ++k) {
      const std::string prefix = fmt::format("{}_node{}_", cell, node + 2);
      choices.push_back({fmt::format("{}input{}", prefix, k), inputs, std::nullopt});
      choices.push_back({fmt::format("{}op{}", prefix, k), operations, std::nullopt});
    }
  }
}

Choices make_choices(int64_t nodes) {
  Choices choices;
  add_cell_choices(choices, "normal", nodes);
  add_cell_choices(choices, "reduce", nodes);
  return choices;
}

size_t operation_index(std::string_view name) {
  return static_cast<size_t>(std::find(kOperations.begin(), kOperations.end(), name) -
                             kOperations.begin());
}

/// The own nodes that no other takes.
std::vector<int64_t> unused(const Edges& edges) {
  std::set<int64_t> used;
  for (const auto& edge : edges) used.insert(edge.second);
  std::vector<int64_t> states;
  for (int64_t state = 2; state < static_cast<int64_t>(edges.size() / 2) + 2; ++state) {
    if (used.count(state) == 0) states.push_back(state);
  }
  return states;
}

// Rows of a cell's mixed edges: node by node, the first edge's by state, then the second one's.
int64_t rows_before(int64_t node) { return node * (node + 3); }
size_t row_of(size_t edge, int64_t state) {
  const auto node = static_cast<int64_t>(edge / 2);
  const auto second = static_cast<int64_t>(edge % 2);
  return static_cast<size_t>(rows_before(node) + second * (node + 2) + state);
}

std::vector<int64_t> add_mixed_nodes(int64_t nodes, PlanBuilder& plan, std::vector<int64_t> states,
                                     const CellSetting& setting, const std::string& name) {
  const std::vector<std::string_view> operations(kOperations.begin(), kOperations.end());
  for (int64_t node = 0; node < nodes; ++node) {
    std::vector<int64_t> terms;
    for (int64_t i = 0; i < 2 * (node + 2); ++i) {
      const int64_t state = i % (node + 2);
      const int64_t row = rows_before(node) + i;
      terms.push_back(plan.add(Mixed{setting.reduction ? 1 : 0, row,
                                     mixed_options(operations, setting, setting.stride(state))},
                               {states[static_cast<size_t>(state)]},
                               fmt::format("{}.edge{}", name, row)));
    }
    states.push_back(plan.add(Add{}, terms, fmt::format("{}.node{}.add", name, node + 2)));
  }
  return {states.begin() + 2, states.end()};
}

/// The most probable operation and state of each edge.
Edges derive_cell(const std::vector<double>& probabilities, int64_t nodes) {
  Edges edges;
  for (size_t edge = 0; edge < 2 * static_cast<size_t>(nodes); ++edge) {
    const auto states = static_cast<std::ptrdiff_t>(edge / 2) + 2;
    const auto width = static_cast<std::ptrdiff_t>(kOperations.size());
    const auto begin = probabilities.begin() + static_cast<std::ptrdiff_t>(row_of(edge, 0)) * width;
    const auto best = std::max_element(begin, begin + states * width) - begin;
    edges.emplace_back(kOperations[static_cast<size_t>(best % width)], best / width);
  }
  return edges;
}

std::vector<double> path_of(const Edges& edges) {
  std::vector<double> path(static_cast<size_t>(rows_before(std::ssize(edges) / 2)) *
                           kOperations.size());
  for (size_t edge = 0; edge < edges.size(); ++edge) {
    path[row_of(edge, edges[edge].second) * kOperations.size() +
         operation_index(edges[edge].first)] = 1;
  }
  return path;
}

class Nasnet : public Space {
 public:
  Nasnet(const NasnetOptions& options, const TaskShape& task)
      : options_(options),
        task_(applied(options.task, task)),
        choices_(make_choices(options.nodes)) {}

  std::string_view name() const override { return "nasnet"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override { return text_of(cells(point)); }
  Point parse(std::string_view text) const override;
  std::string canonical(const Point& point) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override { return supernet_of(options_.cells); }
  std::optional<SupernetPlan> supernet_of(int64_t cells) const override;
  Point derive(const ArchitectureWeights& probabilities) const override;
  std::optional<ArchitectureWeights> path(const Point& point) const override {
    const Cells both = cells(point);
    return ArchitectureWeights{path_of(both.normal), path_of(both.reduce)};
  }
  std::optional<NetworkPlan> subnetwork(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  struct Cells {
    Edges normal;
    Edges reduce;
  };
  Cells cells(const Point& point) const;
  static std::string text_of(const Cells& cells);
  void read_cell(GenotypeReader& reader, const std::string& name, Point& point) const;

  NasnetOptions options_;
  TaskShape task_;
  Choices choices_;
};

Nasnet::Cells Nasnet::cells(const Point& point) const {
  Cells cells;
  for (size_t i = 0; i < point.values.size(); i += 2) {
    Edges& edges = i < point.values.size() / 2 ? cells.normal : cells.reduce;
    const auto operation = static_cast<size_t>(std::get<int64_t>(point.values[i + 1]));
    edges.emplace_back(kOperations[operation], std::get<int64_t>(point.values[i]));
  }
  return cells;
}

std::string Nasnet::text_of(const Cells& cells) {
  return genotype_cell_text("normal", cells.normal, unused(cells.normal)) + " " +
         genotype_cell_text("reduce", cells.reduce, unused(cells.reduce));
}

void Nasnet::read_cell(GenotypeReader& reader, const std::string& name, Point& point) const {
  Edges edges;
  reader.items(name, options_.nodes, [&](const GenotypeItem& item) {
    const auto* operation = std::find(kOperations.begin(), kOperations.end(), item.operation);
    if (operation == kOperations.end()) {
      item.operation_at.fail(fmt::format("one of {}", fmt::join(kOperations, ", ")));
    }
    const auto node = static_cast<int64_t>(edges.size() / 2) + 2;
    if (item.input < 0 || item.input >= node) {
      item.input_at.fail(fmt::format("an input from 0 to {} of node {}", node - 1, node));
    }
    edges.emplace_back(*operation, item.input);
    point.values.emplace_back(item.input);
    point.values.emplace_back(static_cast<int64_t>(operation - kOperations.begin()));
  });
  reader.concat(name + "_concat", unused(edges));
}

Point Nasnet::parse(std::string_view text) const {
  GenotypeReader reader(text, "NASNet genotype");
  Point point;
  read_cell(reader, "normal", point);
  read_cell(reader, "reduce", point);
  reader.end();
  return point;
}

/// The sum of two edges is the same in either order.
std::string Nasnet::canonical(const Point& point) const {
  Cells ordered = cells(point);
  for (Edges* edges : {&ordered.normal, &ordered.reduce}) {
    for (size_t i = 0; i < edges->size(); i += 2) {
      if ((*edges)[i + 1] < (*edges)[i]) std::swap((*edges)[i], (*edges)[i + 1]);
    }
  }
  return text_of(ordered);
}

std::optional<NetworkPlan> Nasnet::network(const Point& point) const {
  const Cells both = cells(point);
  return cell_network({options_.channels, options_.cells, options_.auxiliary, true}, task_,
                      [&](PlanBuilder& plan, std::vector<int64_t> states,
                          const CellSetting& setting, const std::string& name) {
                        const Edges& edges = setting.reduction ? both.reduce : both.normal;
                        const auto own =
                            add_derived_nodes(edges, plan, std::move(states), setting, name);
                        std::vector<int64_t> output;
                        for (const int64_t state : unused(edges)) {
                          output.push_back(own[static_cast<size_t>(state - 2)]);
                        }
                        return output;
                      });
}

std::optional<SupernetPlan> Nasnet::supernet_of(int64_t cells) const {
  NetworkPlan plan = cell_network({options_.channels, cells, false, false}, task_,
                                  [&](PlanBuilder& builder, std::vector<int64_t> states,
                                      const CellSetting& setting, const std::string& name) {
                                    return add_mixed_nodes(options_.nodes, builder,
                                                           std::move(states), setting, name);
                                  });
  const std::vector<std::string> operations(kOperations.begin(), kOperations.end());
  const int64_t rows = rows_before(options_.nodes);
  return SupernetPlan{std::move(plan),
                      {{"normal", rows, operations}, {"reduce", rows, operations}}};
}

Point Nasnet::derive(const ArchitectureWeights& probabilities) const {
  Point point;
  for (const auto& cell : probabilities) {
    for (const auto& [operation, input] : derive_cell(cell, options_.nodes)) {
      point.values.emplace_back(input);
      point.values.emplace_back(static_cast<int64_t>(operation_index(operation)));
    }
  }
  return point;
}

/// The path of the point, with zeros in place of the nodes that are no output of their cell.
std::optional<NetworkPlan> Nasnet::subnetwork(const Point& point) const {
  const Cells both = cells(point);
  const NetworkPlan path = *Space::subnetwork(point);
  PlanBuilder plan;
  std::vector<int64_t> moved{PlanBuilder::kInput};
  int64_t cell = 0;
  for (size_t i = 1; i < path.nodes.size(); ++i) {
    const Node& node = path.nodes[i];
    std::vector<int64_t> inputs;
    for (const int64_t input : node.inputs) inputs.push_back(moved[static_cast<size_t>(input)]);
    if (node.name == cell_output_name(cell)) {
      const bool reduction = is_reduction_cell(cell++, options_.cells);
      const auto outputs = unused(reduction ? both.reduce : both.normal);
      for (size_t own = 0; own < inputs.size(); ++own) {
        const auto state = static_cast<int64_t>(own) + 2;
        if (std::find(outputs.begin(), outputs.end(), state) != outputs.end()) continue;
        inputs[own] = plan.add(Zero{}, {inputs[own]}, fmt::format("{}.zero{}", node.name, state));
      }
    }
    moved.push_back(plan.add(node.layer, std::move(inputs), node.name));
  }
  return std::move(plan).finish({moved[static_cast<size_t>(path.outputs.front())]});
}

Json Nasnet::drawing(const Point& point) const {
  const Cells both = cells(point);
  return {
      {"cells", Json::array({cell_drawing("normal cell", both.normal, unused(both.normal)),
                             cell_drawing("reduction cell", both.reduce, unused(both.reduce))})}};
}

}  // namespace

void describe(Section& section, NasnetOptions& options) {
  section.integer("channels", options.channels, {2, 4096, ""}, "channels of the first cells");
  section.integer("cells", options.cells, {1, 200, ""}, "cells of the network");
  section.integer("nodes", options.nodes, {1, 12, ""}, "pairwise combinations in a cell");
  section.boolean("auxiliary", options.auxiliary, "auxiliary head at two thirds of the depth");
  describe(section, options.task);
}

std::unique_ptr<Space> make_nasnet(const NasnetOptions& options, TaskShape task) {
  return std::make_unique<Nasnet>(options, task);
}

}  // namespace nas
