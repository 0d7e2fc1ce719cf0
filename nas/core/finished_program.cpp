#include "nas/core/finished_program.hpp"

#include <poll.h>

#include <algorithm>

#include "nas/core/clock.hpp"
#include "nas/core/file.hpp"
#include "nas/core/subprocess.hpp"

namespace nas {

FinishedProgram run_program(const std::vector<std::string>& arguments,
                            const std::filesystem::path& error_file, double seconds) {
  constexpr double kSecondsToEnd = 10;  // after its output was closed
  constexpr double kSecondsPerWait = 0.2;
  const double end = steady_seconds() + seconds;
  Subprocess process({arguments, {}, error_file});
  process.close_input();
  FinishedProgram finished;
  for (bool open = true; open && !finished.timed_out;) {
    pollfd output{process.output(), POLLIN, 0};
    const double left = std::clamp(end - steady_seconds(), 0.0, kSecondsPerWait);
    ::poll(&output, 1, static_cast<int>(left * 1000) + 1);
    open = process.read_available();
    while (auto line = process.take_line()) finished.lines.push_back(std::move(*line));
    finished.timed_out = open && steady_seconds() >= end;
  }
  if (!finished.timed_out) process.wait_for_end(kSecondsToEnd);
  finished.how = process.kill_and_describe();
  if (std::filesystem::exists(error_file)) finished.errors = read_file(error_file);
  return finished;
}

}  // namespace nas
