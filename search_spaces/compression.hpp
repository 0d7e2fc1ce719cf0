#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/plan/compression.hpp"
#include "nas/search/space.hpp"

namespace nas {

class Section;

struct CompressionOptions {
  Compression::Per per = Compression::Per::stage;
  /// Parts that have choices of their own; what comes after them shares the last one's.
  int64_t parts = 3;
  /// Shares of its channels that a part may keep, ascending.
  std::vector<double> keep{0.25, 0.5, 0.75, 1};
  /// That a part's weights may have, ascending.
  std::vector<int64_t> bits{4, 8};
};

void describe(Section& section, CompressionOptions& options);

/// How much another part of a product, one that describes networks, is made smaller: choices
/// `keep_1`, `bits_1`, `keep_2`, ... No network of its own; what it says is one setting, a
/// Compression. Text: `{"per": "stage", "keep": [1, 0.5, 0.5], "bits": [8, 4, 4]}`.
std::unique_ptr<Space> make_compression(const CompressionOptions& options, TaskShape task);

}  // namespace nas
