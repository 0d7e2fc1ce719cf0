#include "nas/run/inline_launcher.hpp"

namespace nas {
namespace {

class SilentMonitor : public Monitor {
 public:
  void report(const Progress&) override {}
};

}  // namespace

void InlineLauncher::start(const Assignment& assignment) {
  SilentMonitor monitor;
  events_.push_back({assignment.number, evaluator_.evaluate(assignment, monitor)});
}

std::optional<LaunchEvent> InlineLauncher::wait(double) {
  if (events_.empty()) return std::nullopt;
  LaunchEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace nas
