#pragma once

#include "nas/plan/supernet_plan.hpp"

namespace nas {

/// The network that is left of a supernet where `path` ([group][row * options + option]) is 0 for
/// all options of a row but one: that one stands in place of every Mixed layer of the row, its
/// nodes named below "<layer>.<option>", as the supernet names their weights. A row of zeros is an
/// edge that is absent: sums do without it, and zeros stand where nothing else would. `input` is
/// the shape of the network's input. Throws InputError naming a layer whose row has two options,
/// that takes only part of the channels, or that zeros cannot stand for.
NetworkPlan path_network(const SupernetPlan& plan, const ArchitectureWeights& path,
                         const Shape& input);

}  // namespace nas
