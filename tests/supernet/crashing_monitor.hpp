#pragma once

#include <cstdint>

#include "nas/search/evaluator.hpp"

namespace nas::test {

struct Crash {};

/// Throws a Crash when so much has been done; never by default.
class CrashingMonitor final : public Monitor {
 public:
  explicit CrashingMonitor(int64_t crash_at = -1) : crash_at_(crash_at) {}
  Advice report(const Progress& progress) override {
    if (progress.done == crash_at_) throw Crash{};
    return Advice::go_on;
  }

 private:
  int64_t crash_at_;
};

}  // namespace nas::test
