#include "tools/stage_process.hpp"

#include <fmt/core.h>
#include <poll.h>

#include <csignal>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/core/subprocess.hpp"
#include "tools/program.hpp"
#include "tools/worker_environment.hpp"

namespace nas {
namespace {

constexpr double kSecondsToEnd = 30;  // after its output was closed

Subprocess::Command command_of(const Experiment& experiment, const RunFolder& folder,
                               const std::vector<std::string>& arguments) {
  std::vector<std::string> words{tensor_program().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return {words, tensor_worker_environment(experiment.config.execution.threads),
          folder.worker_errors()};
}

}  // namespace

void run_stage_process(const Experiment& experiment, const RunFolder& folder,
                       const std::vector<std::string>& arguments, const std::string& name,
                       const std::function<void(const std::string&)>& say) {
  Subprocess process(command_of(experiment, folder, arguments));
  process.close_input();
  bool told = false;
  for (bool open = true; open;) {
    if (stop_requested() && !told) {
      process.send_signal(SIGTERM);
      told = true;
    }
    pollfd output{process.output(), POLLIN, 0};
    ::poll(&output, 1, 200);
    open = process.read_available();
    while (const auto line = process.take_line()) say(fmt::format("{}: {}", name, *line));
  }
  process.wait_for_end(kSecondsToEnd);
  if (stop_requested()) throw Interrupted();
  if (process.ended_well()) return;
  throw RunError(fmt::format("{} failed ({}); see {}", name, process.kill_and_describe(),
                             folder.worker_errors().string()));
}

}  // namespace nas
