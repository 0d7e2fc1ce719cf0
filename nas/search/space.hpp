#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/plan/network.hpp"
#include "nas/plan/supernet_plan.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Names and values as a configuration would write them.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// What can be chosen. Immutable after construction.
class Space {
 public:
  virtual ~Space() = default;

  virtual std::string_view name() const = 0;
  virtual const Choices& choices() const = 0;

  /// The architecture in the notation of its paper, one line. Equal points have equal texts.
  virtual std::string text(const Point& point) const = 0;
  /// The reverse; throws InputError saying where the text is wrong and what was expected.
  virtual Point parse(std::string_view text) const = 0;

  /// A text that is the same for all points that compute the same function by construction (dead
  /// edges and isomorphic cells). By default text().
  virtual std::string canonical(const Point& point) const { return text(point); }

  /// The shape of the task that the networks are built for.
  virtual TaskShape task() const = 0;
  /// The network of a point; nothing for spaces that describe none.
  virtual std::optional<NetworkPlan> network(const Point& point) const = 0;

  /// One network that holds every option; nothing for spaces that have none.
  virtual std::optional<SupernetPlan> supernet() const { return std::nullopt; }
  /// The same with `cells` cells in place of the space's own number; nothing where it has no such.
  virtual std::optional<SupernetPlan> supernet_of(int64_t /*cells*/) const { return std::nullopt; }
  /// The point that the paper's rule derives from probabilities [group][row * options + option].
  /// Throws RunError for a space without supernet.
  virtual Point derive(const ArchitectureWeights& probabilities) const;
  /// The reverse: 1 at the option that the point takes of each row, 0 elsewhere; a row of zeros is
  /// an edge that the point does without. Nothing for a space without supernet.
  virtual std::optional<ArchitectureWeights> path(const Point& /*point*/) const {
    return std::nullopt;
  }

  /// One network that holds weights for every point: by default the supernet's; nothing for spaces
  /// that have none.
  virtual std::optional<NetworkPlan> shared_network() const;
  /// The network of a point with those weights: shared_network() has each of its tensors under the
  /// same name, as large or larger. Of a larger one it has the first slices of every dimension, of
  /// a kernel those in the middle. By default the path of the point through the supernet.
  virtual std::optional<NetworkPlan> subnetwork(const Point& point) const;

  /// Name and value of what a point says beside its network, like hyperparameters of the training.
  virtual Settings settings(const Point& /*point*/) const { return {}; }

  /// The cells of a point for drawing: {"cells": [{"name", "nodes": [label...],
  /// "edges": [{"from", "to", "label"}...]}...]}.
  virtual Json drawing(const Point& point) const;
};

/// SHA-256 of the canonical text, 16 hexadecimal digits.
std::string canonical_hash(const Space& space, const Point& point);

}  // namespace nas
