#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/search/choice.hpp"

namespace nas {

/// Operations of the supernet's edges, in the published order; a point never holds `none`.
inline constexpr std::array<std::string_view, 8> kDartsOperations{
    "none",         "max_pool_3x3", "avg_pool_3x3", "skip_connect",
    "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"};

/// One operation on one earlier node: 0 and 1 are the two cells before, 2 the first own node.
struct DartsEdge {
  int64_t operation = 0;  // index into kDartsOperations
  int64_t input = 0;
  bool operator==(const DartsEdge&) const = default;
};

/// Two edges a node, in the order of their inputs.
using DartsCell = std::vector<DartsEdge>;

struct DartsGenotype {
  DartsCell normal;
  DartsCell reduce;
};

/// What each edge of a cell offers, by target, then by source: indices into kDartsOperations,
/// `none` first where it is offered. All edges offer equally many.
using DartsCellMenu = std::vector<std::vector<int64_t>>;

struct DartsMenu {
  DartsCellMenu normal;
  DartsCellMenu reduce;
};

/// Edges of a cell of `nodes` own nodes, each of which may take any earlier state.
int64_t darts_edges(int64_t nodes);
/// Every operation on every edge.
DartsMenu full_darts_menu(int64_t nodes);
/// Names of an edge's options; "first", "second", ... where the edges differ.
std::vector<std::string> darts_labels(const DartsCellMenu& menu);

/// Flat choices of a genotype: for each node which pair of inputs, and the operation on each.
Choices darts_choices(const DartsMenu& menu);
DartsGenotype darts_genotype(const Point& point, const DartsMenu& menu);
Point darts_point(const DartsGenotype& genotype, const DartsMenu& menu);

std::string darts_text(const DartsGenotype& genotype);
/// Throws InputError saying where the text is wrong.
DartsGenotype parse_darts_text(std::string_view text, const DartsMenu& menu);

/// The published rule: of each node the two inputs whose strongest operation but `none` is
/// strongest, each with that operation. `weights` [edges, options], row-major.
DartsCell derive_darts_cell(const std::vector<double>& weights, const DartsCellMenu& menu);

/// The reverse: 1 at the cell's edges and operations, 0 elsewhere.
std::vector<double> darts_path(const DartsCell& cell, const DartsCellMenu& menu);

/// The cell's edges with the names of their operations.
std::vector<std::pair<std::string_view, int64_t>> named_edges(const DartsCell& cell);
/// The own nodes: 2, 3, ...
std::vector<int64_t> darts_concat(int64_t nodes);

}  // namespace nas
