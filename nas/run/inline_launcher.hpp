#pragma once

#include <deque>

#include "nas/run/launcher.hpp"

namespace nas {

/// Evaluates in this process, one assignment at a time: for look-ups.
class InlineLauncher : public Launcher {
 public:
  explicit InlineLauncher(Evaluator& evaluator) : evaluator_(evaluator) {}

  int64_t capacity() const override { return 1; }
  bool immediate() const override { return true; }
  void start(const Assignment& assignment) override;
  std::optional<LaunchEvent> wait(double seconds) override;
  void abandon(int64_t number) override;
  void stop() override {}

 private:
  Evaluator& evaluator_;
  std::deque<LaunchEvent> events_;
};

}  // namespace nas
