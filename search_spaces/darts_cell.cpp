#include "search_spaces/darts_cell.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr size_t kChoicesPerNode = 3;

/// All pairs of different inputs of node `node`, in lexicographic order.
std::vector<std::pair<int64_t, int64_t>> input_pairs(int64_t node) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (int64_t a = 0; a < node + 2; ++a) {
    for (int64_t b = a + 1; b < node + 2; ++b) pairs.emplace_back(a, b);
  }
  return pairs;
}

void add_cell_choices(Choices& choices, const std::string& cell, int64_t nodes) {
  const std::vector<std::string> operations(kDartsOperations.begin() + 1, kDartsOperations.end());
  for (int64_t node = 0; node < nodes; ++node) {
    const std::string prefix = fmt::format("{}_node{}_", cell, node + 2);
    Categorical pairs;
    for (const auto& [a, b] : input_pairs(node))
      pairs.options.push_back(fmt::format("{},{}", a, b));
    choices.push_back({prefix + "inputs", pairs, std::nullopt});
    choices.push_back({prefix + "op0", Categorical{operations}, std::nullopt});
    choices.push_back({prefix + "op1", Categorical{operations}, std::nullopt});
  }
}

DartsCell cell_from(const Point& point, size_t first, int64_t nodes) {
  DartsCell cell;
  for (int64_t node = 0; node < nodes; ++node) {
    const size_t at = first + kChoicesPerNode * static_cast<size_t>(node);
    const auto value = [&](size_t i) { return std::get<int64_t>(point.values[at + i]); };
    const auto [a, b] = input_pairs(node)[static_cast<size_t>(value(0))];
    cell.push_back({value(1) + 1, a});
    cell.push_back({value(2) + 1, b});
  }
  return cell;
}

void append_cell(Point& point, const DartsCell& cell) {
  for (size_t node = 0; 2 * node < cell.size(); ++node) {
    const auto pairs = input_pairs(static_cast<int64_t>(node));
    const DartsEdge& a = cell[2 * node];
    const DartsEdge& b = cell[2 * node + 1];
    const auto pair = std::find(pairs.begin(), pairs.end(), std::pair(a.input, b.input));
    point.values.emplace_back(pair - pairs.begin());
    point.values.emplace_back(a.operation - 1);
    point.values.emplace_back(b.operation - 1);
  }
}

std::string concat_text(size_t nodes) {
  std::vector<size_t> ids(nodes);
  std::iota(ids.begin(), ids.end(), 2);
  return fmt::format("[{}]", fmt::join(ids, ","));
}

std::string cell_text(const std::string& name, const DartsCell& cell) {
  std::vector<std::string> parts;
  for (const auto& edge : cell) {
    parts.push_back(
        fmt::format("({},{})", kDartsOperations[static_cast<size_t>(edge.operation)], edge.input));
  }
  return fmt::format("{0}=[{1}] {0}_concat={2}", name, fmt::join(parts, ","),
                     concat_text(cell.size() / 2));
}

/// Reads both notations: `normal=[(op,0),...]` and Python's `normal=[('op', 0), ...]`.
class GenotypeParser {
 public:
  GenotypeParser(std::string_view text, int64_t nodes)
      : scanner_(text, "DARTS genotype"), nodes_(nodes) {}

  DartsGenotype parse() {
    DartsGenotype genotype;
    scanner_.skip_spaces();
    const bool python = scanner_.accept("Genotype(");
    genotype.normal = cell("normal");
    separator();
    concat("normal_concat");
    separator();
    genotype.reduce = cell("reduce");
    separator();
    concat("reduce_concat");
    if (python) expect(")");
    scanner_.skip_spaces();
    if (!scanner_.at_end()) scanner_.fail("the end");
    return genotype;
  }

 private:
  void expect(std::string_view token) {
    scanner_.skip_spaces();
    scanner_.expect(token);
    scanner_.skip_spaces();
  }
  void separator() {
    scanner_.skip_spaces();
    scanner_.accept(",");
    scanner_.skip_spaces();
  }
  void key(std::string_view name) {
    expect(name);
    expect("=");
  }
  DartsCell cell(std::string_view name) {
    key(name);
    expect("[");
    DartsCell list;
    for (int64_t node = 0; node < nodes_; ++node) {
      for (int k = 0; k < 2; ++k) {
        if (!list.empty()) expect(",");
        list.push_back(edge(node));
      }
      order_last_two(list);
    }
    expect("]");
    return list;
  }
  DartsEdge edge(int64_t node) {
    expect("(");
    const bool quoted = scanner_.accept("'");
    const TextScanner before = scanner_;
    const std::string operation = scanner_.name();
    const auto found = std::find(kDartsOperations.begin() + 1, kDartsOperations.end(), operation);
    if (found == kDartsOperations.end()) {
      before.fail(fmt::format(
          "one of {}", fmt::join(kDartsOperations.begin() + 1, kDartsOperations.end(), ", ")));
    }
    if (quoted) scanner_.expect("'");
    expect(",");
    const TextScanner at_input = scanner_;
    const int64_t input = scanner_.number();
    if (input < 0 || input > node + 1) {
      at_input.fail(fmt::format("an input from 0 to {} of node {}", node + 1, node + 2));
    }
    expect(")");
    return {found - kDartsOperations.begin(), input};
  }
  void order_last_two(DartsCell& list) const {
    DartsEdge& a = list[list.size() - 2];
    DartsEdge& b = list.back();
    if (a.input == b.input) scanner_.fail("two edges of a node to come from different inputs");
    if (a.input > b.input) std::swap(a, b);
  }
  void concat(std::string_view name) {
    key(name);
    if (scanner_.accept("range(")) {
      expect("2");
      expect(",");
      const int64_t end = scanner_.number();
      if (end != nodes_ + 2) scanner_.fail(fmt::format("range(2, {})", nodes_ + 2));
      return expect(")");
    }
    expect("[");
    for (int64_t node = 2; node < nodes_ + 2; ++node) {
      if (node > 2) expect(",");
      const TextScanner before = scanner_;
      if (scanner_.number() != node) before.fail(fmt::format("{}: all own nodes in order", node));
    }
    expect("]");
  }

  TextScanner scanner_;
  int64_t nodes_;
};

}  // namespace

Choices darts_choices(int64_t nodes) {
  Choices choices;
  add_cell_choices(choices, "normal", nodes);
  add_cell_choices(choices, "reduce", nodes);
  return choices;
}

DartsGenotype darts_genotype(const Point& point, int64_t nodes) {
  return {cell_from(point, 0, nodes),
          cell_from(point, kChoicesPerNode * static_cast<size_t>(nodes), nodes)};
}

Point darts_point(const DartsGenotype& genotype) {
  Point point;
  append_cell(point, genotype.normal);
  append_cell(point, genotype.reduce);
  return point;
}

std::string darts_text(const DartsGenotype& genotype) {
  return cell_text("normal", genotype.normal) + " " + cell_text("reduce", genotype.reduce);
}

DartsGenotype parse_darts_text(std::string_view text, int64_t nodes) {
  return GenotypeParser(text, nodes).parse();
}

DartsCell derive_darts_cell(const std::vector<double>& weights, int64_t nodes) {
  DartsCell cell;
  size_t row = 0;
  for (int64_t node = 0; node < nodes; ++node) {
    std::vector<std::pair<double, DartsEdge>> edges;
    for (int64_t input = 0; input < node + 2; ++input, ++row) {
      const double* begin = weights.data() + row * kDartsOperations.size();
      const double* strongest = std::max_element(begin + 1, begin + kDartsOperations.size());
      edges.push_back({*strongest, {strongest - begin, input}});
    }
    std::stable_sort(edges.begin(), edges.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    DartsEdge a = edges[0].second;
    DartsEdge b = edges[1].second;
    if (a.input > b.input) std::swap(a, b);
    cell.push_back(a);
    cell.push_back(b);
  }
  return cell;
}

}  // namespace nas
