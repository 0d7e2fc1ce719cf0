#pragma once

#include <cstdint>
#include <string>

#include "nas/search/evaluator.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Watches a run: the terminal, the log.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void trial_started(const Trial& trial) = 0;
  virtual void trial_progress(int64_t number, const Progress& progress) = 0;
  virtual void trial_finished(const Trial& trial) = 0;
  /// What a person should know that is no failure.
  virtual void warned(const std::string& text) = 0;
};

}  // namespace nas
