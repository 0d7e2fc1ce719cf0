#include "search_spaces/robust_darts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 3> kSubspaces{"S1", "S2", "S3"};
/// S1 is published for cells of four nodes; the edges of fewer come first among theirs.
constexpr int64_t kMostNodesOfS1 = 4;

// Indices into kDartsOperations.
constexpr int64_t kNone = 0;
constexpr int64_t kMaxPool = 1;
constexpr int64_t kAveragePool = 2;
constexpr int64_t kSkip = 3;
constexpr int64_t kSeparable3 = 4;
constexpr int64_t kDilated3 = 6;
constexpr int64_t kDilated5 = 7;

/// As in src/spaces.py of the published code, an edge a line.
DartsMenu published_s1() {
  return {{{kSkip, kDilated3},
           {kSkip, kDilated5},
           {kSkip, kDilated5},
           {kSkip, kSeparable3},
           {kSkip, kDilated3},
           {kMaxPool, kSkip},
           {kSkip, kSeparable3},
           {kSkip, kSeparable3},
           {kSkip, kDilated3},
           {kSkip, kSeparable3},
           {kMaxPool, kSkip},
           {kSkip, kDilated3},
           {kDilated3, kDilated5},
           {kDilated3, kDilated5}},
          {{kMaxPool, kAveragePool},
           {kMaxPool, kDilated3},
           {kMaxPool, kAveragePool},
           {kMaxPool, kAveragePool},
           {kSkip, kDilated5},
           {kMaxPool, kAveragePool},
           {kMaxPool, kSeparable3},
           {kSkip, kDilated3},
           {kSkip, kDilated5},
           {kMaxPool, kAveragePool},
           {kMaxPool, kAveragePool},
           {kSkip, kDilated5},
           {kSkip, kDilated5},
           {kSkip, kDilated5}}};
}

DartsMenu menu_of(const std::string& subspace, int64_t nodes) {
  const auto edges = static_cast<size_t>(darts_edges(nodes));
  if (subspace == "S1") {
    DartsMenu menu = published_s1();
    if (nodes > kMostNodesOfS1) {
      throw InputError(fmt::format("robust_darts: found {} nodes, expected at most {} in S1", nodes,
                                   kMostNodesOfS1));
    }
    menu.normal.resize(edges);
    menu.reduce.resize(edges);
    return menu;
  }
  std::vector<int64_t> list{kSkip, kSeparable3};
  if (subspace == "S3") list.insert(list.begin(), kNone);
  const DartsCellMenu cell(edges, list);
  return {cell, cell};
}

}  // namespace

void describe(Section& section, RobustDartsOptions& options) {
  section.one_of("subspace", options.subspace, kSubspaces,
                 "S1: two operations an edge; S2: sep_conv_3x3, skip_connect; S3: also none");
  describe(section, options.darts);
  if (options.subspace == "S1" && options.darts.nodes > kMostNodesOfS1) {
    section.mistake("nodes", fmt::format("found {}, expected at most {} in subspace S1",
                                         options.darts.nodes, kMostNodesOfS1));
  }
}

std::unique_ptr<Space> make_robust_darts(const RobustDartsOptions& options, TaskShape task) {
  return make_darts_space_of("robust_darts", menu_of(options.subspace, options.darts.nodes),
                             options.darts, task);
}

}  // namespace nas
