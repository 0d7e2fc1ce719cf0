#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nas/evaluate/context.hpp"
#include "nas/search/evaluator.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"

namespace nas::test {

/// Small cells on the embedded digits.
struct ZeroCostScene {
  std::unique_ptr<Space> space = make_nas_bench_201({4, 1, true, {}}, {{1, 8, 8}, 10});
  DataConfig data;
  ExecutionConfig execution;

  ZeroCostScene() {
    execution.device = "cpu";
    data.limit = 100;
  }
  EvaluatorContext context() const {
    return {*space, data, execution, [](const std::string&) {}};
  }
  Assignment assignment(const std::string& cell, uint64_t seed) const {
    Assignment made;
    made.point = space->parse(cell);
    made.seed = seed;
    return made;
  }
};

inline const std::string kGoodCell =
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_1x1~1|+|skip_connect~0|nor_conv_3x3~1|avg_pool_3x3~"
    "2|";
/// Its output does not depend on its input.
inline const std::string kCutCell =
    "|nor_conv_3x3~0|+|skip_connect~0|nor_conv_3x3~1|+|none~0|none~1|none~2|";

class NoMonitor final : public Monitor {
 public:
  Advice report(const Progress&) override { return Advice::go_on; }
};

inline Metrics metrics_of(const Outcome& outcome) {
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    FAIL(failure->kind << ": " << failure->reason);
  }
  return std::get<Score>(outcome).metrics;
}

}  // namespace nas::test
