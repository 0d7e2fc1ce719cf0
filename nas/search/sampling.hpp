#pragma once

#include <cstdint>
#include <optional>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Uniform over each active choice (over the logarithm where the choice says so), among the points
/// that keep all relations; one that does not where a thousand draws find none that does.
Point sample(const Choices& choices, RandomStream& random);

/// One active choice, drawn uniformly among those with more than one value, gets another value;
/// choices that become active are sampled. Relations are kept as by sample(). Returns `parent`
/// where nothing can change.
Point mutate(const Choices& choices, const Point& parent, RandomStream& random);

/// Number of points, conditions counted, but not what relations leave out; nothing where a choice
/// is real with more than one value, or the number passes 2^62.
std::optional<int64_t> count(const Choices& choices);

/// The point with this index in lexicographic order, 0 <= index < count.
Point point_at(const Choices& choices, int64_t index);

}  // namespace nas
