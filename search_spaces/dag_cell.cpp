#include "search_spaces/dag_cell.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kSkip = "skip_connect";

class DagCell : public CellSpace {
 public:
  explicit DagCell(const DagCellOptions& options)
      : options_(options), edges_(dag_edges(options.nodes)) {
    for (const auto& [from, to] : edges_) {
      choices_.push_back(
          {fmt::format("edge_{}_{}", from, to), Categorical{options.operations}, std::nullopt});
    }
  }

  const Choices& choices() const override { return choices_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::string canonical(const Point& point) const override;
  NetworkPlan cell(const Point& point, int64_t channels) const override;
  Json drawing(const Point& point) const override;

 private:
  const std::string& operation_of(const Point& point, size_t edge) const {
    return options_.operations[static_cast<size_t>(std::get<int64_t>(point.values[edge]))];
  }

  DagCellOptions options_;
  std::vector<DagEdge> edges_;
  Choices choices_;
};

std::string DagCell::text(const Point& point) const {
  std::string out;
  for (size_t i = 0; i < edges_.size(); ++i) {
    if (edges_[i].from == 0) out += edges_[i].to == 1 ? "|" : "+|";
    out += fmt::format("{}~{}|", operation_of(point, i), edges_[i].from);
  }
  return out;
}

Point DagCell::parse(std::string_view text) const {
  TextScanner scanner(text, "cell");
  Point point;
  for (const auto& [from, to] : edges_) {
    if (from == 0) scanner.expect(to == 1 ? "|" : "+|");
    const TextScanner before = scanner;
    const std::string operation = scanner.name();
    const auto found = std::find(options_.operations.begin(), options_.operations.end(), operation);
    if (found == options_.operations.end()) {
      before.fail(fmt::format("one of {}", fmt::join(options_.operations, ", ")));
    }
    scanner.expect(fmt::format("~{}|", from));
    point.values.emplace_back(found - options_.operations.begin());
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

std::string DagCell::canonical(const Point& point) const {
  std::vector<std::string> nodes{"0"};
  for (int64_t to = 1; to < options_.nodes; ++to) {
    std::vector<std::string> terms;
    for (size_t i = 0; i < edges_.size(); ++i) {
      if (edges_[i].to != to) continue;
      const std::string& source = nodes[static_cast<size_t>(edges_[i].from)];
      const std::string& operation = operation_of(point, i);
      if (operation == kNone || source == "#") {
        terms.emplace_back("#");
      } else {
        terms.push_back(operation == kSkip ? source : fmt::format("({})@{}", source, operation));
      }
    }
    std::sort(terms.begin(), terms.end());
    nodes.push_back(fmt::format("{}", fmt::join(terms, "+")));
  }
  return nodes.back();
}

NetworkPlan DagCell::cell(const Point& point, int64_t channels) const {
  PlanBuilder plan;
  std::vector<int64_t> nodes{PlanBuilder::kInput};
  for (int64_t to = 1; to < options_.nodes; ++to) {
    std::vector<int64_t> terms;
    for (size_t i = 0; i < edges_.size(); ++i) {
      if (edges_[i].to != to || operation_of(point, i) == kNone) continue;
      const Operation& operation = find_operation(operation_of(point, i));
      terms.push_back(plan.splice(operation.build({channels, channels, 1, options_.affine,
                                                   /*bias=*/!options_.affine}),
                                  nodes[static_cast<size_t>(edges_[i].from)], choices_[i].name));
    }
    const std::string name = fmt::format("node_{}", to);
    if (terms.empty()) {
      nodes.push_back(plan.add(Zero{}, {PlanBuilder::kInput}, name));
    } else {
      nodes.push_back(terms.size() == 1 ? terms.front() : plan.add(Add{}, std::move(terms), name));
    }
  }
  return std::move(plan).finish({nodes.back()});
}

Json DagCell::drawing(const Point& point) const {
  Json cell = {{"name", "cell"}, {"nodes", {"input"}}, {"edges", Json::array()}};
  for (int64_t node = 1; node + 1 < options_.nodes; ++node) {
    cell["nodes"].push_back(fmt::format("{}", node));
  }
  cell["nodes"].push_back("output");
  for (size_t i = 0; i < edges_.size(); ++i) {
    const std::string& operation = operation_of(point, i);
    if (operation == kNone) continue;
    cell["edges"].push_back({{"from", edges_[i].from}, {"to", edges_[i].to}, {"label", operation}});
  }
  return cell;
}

}  // namespace

std::vector<DagEdge> dag_edges(int64_t nodes) {
  std::vector<DagEdge> list;
  for (int64_t to = 1; to < nodes; ++to) {
    for (int64_t from = 0; from < to; ++from) list.push_back({from, to});
  }
  return list;
}

void describe(Section& section, DagCellOptions& options) {
  section.integer("nodes", options.nodes, {2, 12, ""}, "with the input and the output");
  section.texts("operations", options.operations,
                "that an edge may have, of `nas list operations`");
  if (options.operations.empty()) {
    section.mistake("operations", "is empty, expected at least one");
  }
  for (auto name = options.operations.begin(); name != options.operations.end(); ++name) {
    if (std::find(options.operations.begin(), name, *name) != name) {
      section.mistake("operations", fmt::format("lists '{}' twice", *name));
    }
    try {
      find_operation(*name);
    } catch (const InputError& error) {
      section.mistake("operations", error.what());
    }
  }
}

std::unique_ptr<CellSpace> make_dag_cell(const DagCellOptions& options) {
  return std::make_unique<DagCell>(options);
}

}  // namespace nas
