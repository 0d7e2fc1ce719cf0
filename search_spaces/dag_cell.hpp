#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "search_spaces/cell_space.hpp"

namespace nas {

class Section;

inline constexpr int64_t kNasBench201Nodes = 4;
inline constexpr std::array<std::string_view, 5> kNasBench201Operations{
    "none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"};

struct DagCellOptions {
  /// The first is the input, the last the output.
  int64_t nodes = kNasBench201Nodes;
  /// Of the table of operations (nas/plan/operations.hpp).
  std::vector<std::string> operations{kNasBench201Operations.begin(), kNasBench201Operations.end()};
  /// Without, batch norms have no scale and offset and convolutions have a bias instead.
  bool affine = true;
};

void describe(Section& section, DagCellOptions& options);

struct DagEdge {
  int64_t from = 0;
  int64_t to = 0;
};

/// From every node to every later one, in the order of the text: by target, then by source.
std::vector<DagEdge> dag_edges(int64_t nodes);

/// Each node is the sum of an operation on every earlier one (Dong & Yang 2020). Text:
/// `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`. canonical() leaves out edges without operation and names
/// nodes by what they compute, so that isomorphic cells have one text.
std::unique_ptr<CellSpace> make_dag_cell(const DagCellOptions& options);

}  // namespace nas
