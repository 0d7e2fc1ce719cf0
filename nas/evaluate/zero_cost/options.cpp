#include "nas/evaluate/zero_cost/options.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, ZeroCostOptions& options) {
  describe_proxies(section, options.metrics);
  describe(section, options.setting);
  if (!section.has("table")) return;
  section.section("table", "figures of a benchmark to stand beside the scores",
                  [&](Section& table) { describe(table, options.table.emplace()); });
}

void describe(Section& section, ScreenOptions& options) {
  describe_proxy(section, options.metric);
  section.integer("candidates", options.candidates, {1, 1'000'000, "points"},
                  "random points that a candidate is compared with");
  section.real("keep", options.keep, {0, 1, ""}, "share of such points that would be let through");
  section.integer("seed", options.seed, {0, INT64_MAX, ""}, "of the random points");
  describe(section, options.setting);
}

}  // namespace nas
