#include "nas/run/inline_launcher.hpp"

#include "nas/run/recording_monitor.hpp"
#include "nas/run/silent_monitor.hpp"

namespace nas {
void InlineLauncher::start(const Assignment& assignment) {
  SilentMonitor silent;
  RecordingMonitor monitor(assignment.cutoffs, silent);
  Outcome outcome = evaluator_.evaluate(assignment, monitor);
  events_.push_back({assignment.number, monitor.completed(std::move(outcome))});
}

std::optional<LaunchEvent> InlineLauncher::wait(double) {
  if (events_.empty()) return std::nullopt;
  LaunchEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

void InlineLauncher::abandon(int64_t number) {
  std::erase_if(events_, [number](const LaunchEvent& event) { return event.number == number; });
}

}  // namespace nas
