#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "nas/core/random.hpp"
#include "nas/run/launcher.hpp"
#include "nas/run/observer.hpp"

namespace nas::testing {

struct Crash {};

class Silent : public RunObserver, public Monitor {
 public:
  void trial_started(const Trial&) override {}
  void trial_progress(int64_t, const Progress&) override {}
  void trial_finished(const Trial&) override {}
  void warned(const std::string&) override {}
  Advice report(const Progress&) override { return Advice::go_on; }
};

/// Workers that finish in an order of their own; crashes the process at event `crash_at`.
class FakeLauncher : public Launcher {
 public:
  using Evaluate = std::function<Outcome(const Assignment&)>;

  FakeLauncher(int64_t capacity, uint64_t order, int64_t crash_at, Evaluate evaluate)
      : capacity_(capacity),
        random_(order, "test.order"),
        crash_at_(crash_at),
        evaluate_(std::move(evaluate)) {}

  int64_t capacity() const override { return capacity_; }
  bool immediate() const override { return false; }
  void start(const Assignment& assignment) override { running_.push_back(assignment); }
  std::optional<LaunchEvent> wait(double) override {
    if (running_.empty()) return std::nullopt;
    if (events_++ == crash_at_) throw Crash();
    const auto chosen = running_.begin() + random_.below(static_cast<int64_t>(running_.size()));
    const Assignment assignment = *chosen;
    running_.erase(chosen);
    return LaunchEvent{assignment.number, evaluate_(assignment)};
  }
  void abandon(int64_t number) override {
    std::erase_if(running_, [number](const auto& running) { return running.number == number; });
  }
  void stop() override {}
  int64_t events() const { return events_; }

 private:
  int64_t capacity_;
  RandomStream random_;
  int64_t crash_at_;
  Evaluate evaluate_;
  int64_t events_ = 0;
  std::deque<Assignment> running_;
};

}  // namespace nas::testing
