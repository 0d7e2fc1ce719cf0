#pragma once

#include <cstdint>

#include "nas/search/evaluator.hpp"

namespace nas::test {

/// The process dies, as far as its folder can tell: nothing is saved after this is thrown.
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

/// Throws a Crash at the report after so many.
class CrashingAfter final : public Monitor {
 public:
  explicit CrashingAfter(int64_t reports) : left_(reports) {}
  Advice report(const Progress&) override {
    if (--left_ < 0) throw Crash();
    return Advice::go_on;
  }

 private:
  int64_t left_;
};

}  // namespace nas::test
