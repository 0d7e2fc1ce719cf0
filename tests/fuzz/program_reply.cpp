#include "nas/evaluate/program_reply.hpp"

#include <cmath>

#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// A line of the command evaluator's program. It is never refused: nonsense is a failed trial.
void program_reply(std::string_view input) {
  const ProgramReply reply = nas::program_reply(input);
  const auto* outcome = std::get_if<Outcome>(&reply);
  const auto* score = outcome == nullptr ? nullptr : std::get_if<Score>(outcome);
  if (score == nullptr) return;
  for (const auto& [name, value] : score->metrics) {
    require(std::isfinite(value), "a score's metrics are finite");
  }
}

}  // namespace nas::fuzz
