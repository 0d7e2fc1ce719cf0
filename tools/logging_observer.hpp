#pragma once

#include "nas/core/log.hpp"
#include "nas/run/observer.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Writes each trial's start and end, and warnings, to the log, and passes everything on to the
/// terminal.
class LoggingObserver : public RunObserver {
 public:
  LoggingObserver(RunObserver& next, Log& log, const Choices& choices)
      : next_(next), log_(log), choices_(choices) {}

  void trial_started(const Trial& trial) override;
  void trial_progress(int64_t number, const Progress& progress) override;
  void trial_finished(const Trial& trial) override;
  void warned(const std::string& text) override;

 private:
  RunObserver& next_;
  Log& log_;
  const Choices& choices_;
};

}  // namespace nas
