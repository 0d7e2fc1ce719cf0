#include "search_spaces/darts_cell.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "search_spaces/genotype_text.hpp"

namespace nas {
namespace {

constexpr size_t kChoicesPerNode = 3;

std::string_view name_of(int64_t operation) {
  return kDartsOperations[static_cast<size_t>(operation)];
}

int64_t nodes_of(const DartsCellMenu& menu) {
  int64_t nodes = 0;
  while (darts_edges(nodes) < static_cast<int64_t>(menu.size())) ++nodes;
  return nodes;
}

/// The operations but `none` on the edge from state `input` to own node `node` (0 is the first).
std::vector<int64_t> offered(const DartsCellMenu& menu, int64_t node, int64_t input) {
  std::vector<int64_t> list = menu[static_cast<size_t>(darts_edges(node) + input)];
  if (list.front() == 0) list.erase(list.begin());
  return list;
}

/// All pairs of different inputs of node `node`, in lexicographic order.
std::vector<std::pair<int64_t, int64_t>> input_pairs(int64_t node) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (int64_t a = 0; a < node + 2; ++a) {
    for (int64_t b = a + 1; b < node + 2; ++b) pairs.emplace_back(a, b);
  }
  return pairs;
}

void add_cell_choices(Choices& choices, const std::string& cell, const DartsCellMenu& menu) {
  std::vector<std::string> operations = darts_labels(menu);
  if (menu.front().front() == 0) operations.erase(operations.begin());
  for (int64_t node = 0; node < nodes_of(menu); ++node) {
    const std::string prefix = fmt::format("{}_node{}_", cell, node + 2);
    Categorical pairs;
    for (const auto& [a, b] : input_pairs(node)) {
      pairs.options.push_back(fmt::format("{},{}", a, b));
    }
    choices.push_back({prefix + "inputs", pairs, std::nullopt});
    choices.push_back({prefix + "op0", Categorical{operations}, std::nullopt});
    choices.push_back({prefix + "op1", Categorical{operations}, std::nullopt});
  }
}

DartsCell cell_from(const Point& point, size_t first, const DartsCellMenu& menu) {
  DartsCell cell;
  for (int64_t node = 0; node < nodes_of(menu); ++node) {
    const size_t at = first + kChoicesPerNode * static_cast<size_t>(node);
    const auto value = [&](size_t i) {
      return static_cast<size_t>(std::get<int64_t>(point.values[at + i]));
    };
    const auto [a, b] = input_pairs(node)[value(0)];
    cell.push_back({offered(menu, node, a)[value(1)], a});
    cell.push_back({offered(menu, node, b)[value(2)], b});
  }
  return cell;
}

void append_cell(Point& point, const DartsCell& cell, const DartsCellMenu& menu) {
  for (size_t i = 0; i < cell.size(); i += 2) {
    const auto node = static_cast<int64_t>(i / 2);
    const auto pairs = input_pairs(node);
    const auto pair =
        std::find(pairs.begin(), pairs.end(), std::pair(cell[i].input, cell[i + 1].input));
    point.values.emplace_back(pair - pairs.begin());
    for (const DartsEdge& edge : {cell[i], cell[i + 1]}) {
      const auto list = offered(menu, node, edge.input);
      point.values.emplace_back(std::find(list.begin(), list.end(), edge.operation) - list.begin());
    }
  }
}

/// Every operation but `none` that some edge offers.
std::vector<std::string_view> known_names(const DartsCellMenu& menu) {
  std::vector<std::string_view> names;
  for (int64_t operation = 1; operation < static_cast<int64_t>(kDartsOperations.size());
       ++operation) {
    const bool known = std::any_of(menu.begin(), menu.end(), [&](const auto& list) {
      return std::find(list.begin(), list.end(), operation) != list.end();
    });
    if (known) names.push_back(name_of(operation));
  }
  return names;
}

/// The edge of own node `node` that an item of the text means.
DartsEdge edge_from(const GenotypeItem& item, const DartsCellMenu& menu, int64_t node) {
  const auto known = known_names(menu);
  if (std::find(known.begin(), known.end(), item.operation) == known.end()) {
    item.operation_at.fail(fmt::format("one of {}", fmt::join(known, ", ")));
  }
  if (item.input < 0 || item.input > node + 1) {
    item.input_at.fail(fmt::format("an input from 0 to {} of node {}", node + 1, node + 2));
  }
  std::vector<std::string_view> names;
  for (const int64_t operation : offered(menu, node, item.input)) {
    if (name_of(operation) == item.operation) return {operation, item.input};
    names.push_back(name_of(operation));
  }
  item.operation_at.fail(fmt::format("one of {} on the edge from {} to {}", fmt::join(names, ", "),
                                     item.input, node + 2));
}

DartsCell read_cell(GenotypeReader& reader, const std::string& name, const DartsCellMenu& menu) {
  const int64_t nodes = nodes_of(menu);
  DartsCell cell;
  reader.items(name, nodes, [&](const GenotypeItem& item) {
    cell.push_back(edge_from(item, menu, static_cast<int64_t>(cell.size() / 2)));
    if (cell.size() % 2 == 1) return;
    DartsEdge& a = cell[cell.size() - 2];
    DartsEdge& b = cell.back();
    if (a.input == b.input) item.input_at.fail("two edges of a node to come from different inputs");
    if (a.input > b.input) std::swap(a, b);
  });
  reader.concat(name + "_concat", darts_concat(nodes));
  return cell;
}

}  // namespace

int64_t darts_edges(int64_t nodes) { return nodes * (nodes + 3) / 2; }

DartsMenu full_darts_menu(int64_t nodes) {
  std::vector<int64_t> all(kDartsOperations.size());
  std::iota(all.begin(), all.end(), 0);
  const DartsCellMenu cell(static_cast<size_t>(darts_edges(nodes)), all);
  return {cell, cell};
}

std::vector<std::string> darts_labels(const DartsCellMenu& menu) {
  constexpr std::array<const char*, kDartsOperations.size()> kPositions{
      "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"};
  const bool same =
      std::all_of(menu.begin(), menu.end(), [&](const auto& list) { return list == menu.front(); });
  std::vector<std::string> labels;
  for (size_t i = 0; i < menu.front().size(); ++i) {
    labels.emplace_back(same ? name_of(menu.front()[i]) : kPositions[i]);
  }
  return labels;
}

Choices darts_choices(const DartsMenu& menu) {
  Choices choices;
  add_cell_choices(choices, "normal", menu.normal);
  add_cell_choices(choices, "reduce", menu.reduce);
  return choices;
}

DartsGenotype darts_genotype(const Point& point, const DartsMenu& menu) {
  const size_t second = kChoicesPerNode * static_cast<size_t>(nodes_of(menu.normal));
  return {cell_from(point, 0, menu.normal), cell_from(point, second, menu.reduce)};
}

Point darts_point(const DartsGenotype& genotype, const DartsMenu& menu) {
  Point point;
  append_cell(point, genotype.normal, menu.normal);
  append_cell(point, genotype.reduce, menu.reduce);
  return point;
}

std::vector<std::pair<std::string_view, int64_t>> named_edges(const DartsCell& cell) {
  std::vector<std::pair<std::string_view, int64_t>> edges;
  edges.reserve(cell.size());
  for (const auto& edge : cell) edges.emplace_back(name_of(edge.operation), edge.input);
  return edges;
}

std::vector<int64_t> darts_concat(int64_t nodes) {
  std::vector<int64_t> states(static_cast<size_t>(nodes));
  std::iota(states.begin(), states.end(), 2);
  return states;
}

std::string darts_text(const DartsGenotype& genotype) {
  const auto concat = darts_concat(static_cast<int64_t>(genotype.normal.size() / 2));
  return genotype_cell_text("normal", named_edges(genotype.normal), concat) + " " +
         genotype_cell_text("reduce", named_edges(genotype.reduce), concat);
}

DartsGenotype parse_darts_text(std::string_view text, const DartsMenu& menu) {
  GenotypeReader reader(text, "DARTS genotype");
  DartsGenotype genotype;
  genotype.normal = read_cell(reader, "normal", menu.normal);
  genotype.reduce = read_cell(reader, "reduce", menu.reduce);
  reader.end();
  return genotype;
}

DartsCell derive_darts_cell(const std::vector<double>& weights, const DartsCellMenu& menu) {
  DartsCell cell;
  size_t row = 0;
  for (int64_t node = 0; node < nodes_of(menu); ++node) {
    std::vector<std::pair<double, DartsEdge>> edges;
    for (int64_t input = 0; input < node + 2; ++input, ++row) {
      const auto& list = menu[row];
      const double* begin = weights.data() + row * list.size();
      const double* strongest =
          std::max_element(begin + (list.front() == 0 ? 1 : 0), begin + list.size());
      edges.push_back({*strongest, {list[static_cast<size_t>(strongest - begin)], input}});
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

std::vector<double> darts_path(const DartsCell& cell, const DartsCellMenu& menu) {
  const size_t options = menu.front().size();
  std::vector<double> path(menu.size() * options, 0.0);
  for (size_t i = 0; i < cell.size(); ++i) {
    const int64_t node = static_cast<int64_t>(i) / 2;
    const auto row = static_cast<size_t>(darts_edges(node) + cell[i].input);
    const auto& list = menu[row];
    const auto option = std::find(list.begin(), list.end(), cell[i].operation) - list.begin();
    path[row * options + static_cast<size_t>(option)] = 1;
  }
  return path;
}

}  // namespace nas
