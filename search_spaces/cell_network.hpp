#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/plan/network.hpp"

namespace nas {

/// What one cell is built between.
struct CellSetting {
  int64_t before_last = 0;  // channels of the cell before the last
  int64_t last = 0;
  int64_t channels = 0;
  bool reduction = false;
  bool reduction_before = false;
  bool affine = true;

  /// Of an operation on state `input`: reduction cells halve the map behind their two inputs.
  int64_t stride(int64_t input) const { return reduction && input < 2 ? 2 : 1; }
};

struct CellNetworkOptions {
  int64_t channels = 36;
  int64_t cells = 20;
  bool auxiliary = false;
  bool affine = true;
};

/// Adds the own nodes of a cell to a plan that holds its two inputs, `states`; returns the nodes
/// whose concatenation is the cell's output.
using AddNodes = std::function<std::vector<int64_t>(PlanBuilder&, std::vector<int64_t> states,
                                                    const CellSetting&, const std::string& name)>;

/// Of the node that holds the output of cell `cell`, from 0.
std::string cell_output_name(int64_t cell);
bool is_reduction_cell(int64_t cell, int64_t cells);

/// The network that DARTS evaluates cells in (Liu et al. 2019): a stem, cells whose inputs are the
/// two before, of which those at one and two thirds of the depth halve the map and double the
/// channels, and a linear classifier. Throws InputError where the auxiliary head has no room.
NetworkPlan cell_network(const CellNetworkOptions& options, const TaskShape& task,
                         const AddNodes& add_nodes);

/// Operation and earlier state: 0 and 1 are the two cells before, 2 the first own node.
using CellEdge = std::pair<std::string_view, int64_t>;

/// The own nodes of a derived cell: sums of two edges each, drop-path after all but the identity.
/// Returns all of them.
std::vector<int64_t> add_derived_nodes(const std::vector<CellEdge>& edges, PlanBuilder& plan,
                                       std::vector<int64_t> states, const CellSetting& setting,
                                       const std::string& name);

/// Every operation of a supernet's mixed edge; a batch norm follows pooling so that no option is
/// favoured by its scale (Liu et al. 2019).
std::vector<NetworkPlan> mixed_options(const std::vector<std::string_view>& operations,
                                       const CellSetting& setting, int64_t stride);

/// One cell of Space::drawing(); `concat` are the states that make up the output.
Json cell_drawing(const char* name, const std::vector<CellEdge>& edges,
                  const std::vector<int64_t>& concat);

}  // namespace nas
