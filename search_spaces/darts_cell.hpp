#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
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

/// Flat choices of a genotype: for each node which pair of inputs, and the operation on each.
Choices darts_choices(int64_t nodes);
DartsGenotype darts_genotype(const Point& point, int64_t nodes);
Point darts_point(const DartsGenotype& genotype);

std::string darts_text(const DartsGenotype& genotype);
/// Throws InputError saying where the text is wrong.
DartsGenotype parse_darts_text(std::string_view text, int64_t nodes);

/// The published rule: of each node the two inputs whose strongest operation but `none` is
/// strongest, each with that operation. `weights` [edges, 8], row-major.
DartsCell derive_darts_cell(const std::vector<double>& weights, int64_t nodes);

}  // namespace nas
