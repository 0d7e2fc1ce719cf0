#include "nas/core/finished_program.hpp"

#include <poll.h>

#include "nas/core/file.hpp"
#include "nas/core/subprocess.hpp"

namespace nas {

FinishedProgram run_program(const std::vector<std::string>& arguments,
                            const std::filesystem::path& error_file) {
  constexpr double kSecondsToEnd = 10;  // after its output was closed
  Subprocess process({arguments, {}, error_file});
  process.close_input();
  FinishedProgram finished;
  for (bool open = true; open;) {
    pollfd output{process.output(), POLLIN, 0};
    ::poll(&output, 1, -1);
    open = process.read_available();
    while (auto line = process.take_line()) finished.lines.push_back(std::move(*line));
  }
  process.wait_for_end(kSecondsToEnd);
  finished.how = process.kill_and_describe();
  if (std::filesystem::exists(error_file)) finished.errors = read_file(error_file);
  return finished;
}

}  // namespace nas
