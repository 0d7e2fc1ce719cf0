#include "nas/core/error.hpp"

namespace nas {
namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) {
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

}  // namespace

ConfigError::ConfigError(std::vector<std::string> diagnostics)
    : Error(ExitStatus::wrong_use, joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace nas
