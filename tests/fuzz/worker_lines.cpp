#include "nas/run/protocol.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// What a worker is told, and what it says.
void worker_lines(std::string_view input) {
  const Choices choices = one_of_each();
  Assignment assignment;
  if (taken([&] { assignment = assignment_from(choices, input); })) {
    const std::string line = encode(choices, assignment);
    require(encode(choices, assignment_from(choices, line)) == line, "an assignment comes across");
  }
  WorkerMessage message;
  if (taken([&] { message = message_from(choices, input); })) {
    const std::string line = encode(choices, message);
    require(encode(choices, message_from(choices, line)) == line, "a message comes across");
  }
}

}  // namespace nas::fuzz
