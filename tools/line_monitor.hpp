#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include "nas/search/evaluator.hpp"

namespace nas {

/// Prints a line for each epoch, behind `prefix`: "fine-tuning: epoch 3/10  train_loss 0.1".
class LineMonitor final : public Monitor {
 public:
  LineMonitor(std::FILE* out, std::string prefix) : out_(out), prefix_(std::move(prefix)) {}
  Advice report(const Progress& progress) override;

 private:
  std::FILE* out_;
  std::string prefix_;
};

/// "warning: text" on standard error.
void warn_on_standard_error(const std::string& text);

}  // namespace nas
