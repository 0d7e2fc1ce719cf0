#pragma once

#include <string>
#include <utility>

#include "nas/search/evaluator.hpp"

namespace nas {

/// Prints a line on standard output for each epoch: "name: epoch 3/10  train_loss 0.1".
class LineMonitor final : public Monitor {
 public:
  explicit LineMonitor(std::string name) : name_(std::move(name)) {}
  Advice report(const Progress& progress) override;

 private:
  std::string name_;
};

/// "warning: text" on standard error.
void warn_on_standard_error(const std::string& text);

}  // namespace nas
