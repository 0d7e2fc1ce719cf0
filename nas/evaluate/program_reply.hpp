#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "nas/search/evaluator.hpp"

namespace nas {

/// A line that is none of the protocol's: its program is not to be trusted with another trial.
struct Garbage {
  std::string reason;
};
using ProgramReply = std::variant<Progress, Outcome, Garbage>;

/// What an outside program says in one line: `{"progress": 3, "metrics": {...}}`, `{"metrics":
/// {...}}` or `{"error": "text"}`. A result with a metric that is null, NaN or infinite (as
/// Python's json writes them) is a Failure of kind "nan".
ProgramReply program_reply(std::string_view line);

}  // namespace nas
