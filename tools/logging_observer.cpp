#include "tools/logging_observer.hpp"

#include "nas/core/json.hpp"

namespace nas {

void LoggingObserver::trial_started(const Trial& trial) {
  log_.write("trial_started", {{"number", trial.number}, {"job", to_text(trial.job)}});
  next_.trial_started(trial);
}

void LoggingObserver::trial_progress(int64_t number, const Progress& progress) {
  log_.write("trial_progress", {{"number", number},
                                {"unit", progress.unit},
                                {"done", progress.done},
                                {"total", progress.total},
                                {"metrics", Json(progress.metrics)}});
  next_.trial_progress(number, progress);
}

void LoggingObserver::trial_finished(const Trial& trial) {
  log_.write("trial_finished", to_json(choices_, trial));
  next_.trial_finished(trial);
}

void LoggingObserver::warned(const std::string& text) {
  log_.write("warning", {{"text", text}});
  next_.warned(text);
}

}  // namespace nas
