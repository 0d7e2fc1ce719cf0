#pragma once

#include <set>
#include <string>

#include "nas/export/facts.hpp"

namespace nas {

/// A Python string literal.
std::string python_string(const std::string& text);

/// A generated module up to the layers of its network's constructor; `shape` is the input's, as a
/// tuple, `helpers` are those of ChannelNorm, PositionEmbedding and attention that it uses.
std::string python_prologue(const NetworkFacts& facts, const std::string& shape,
                            const std::set<std::string>& helpers);

/// What follows the network's forward function: reading weights from `weights_file` beside it.
std::string python_epilogue(const std::string& weights_file);

}  // namespace nas
