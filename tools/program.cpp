#include "tools/program.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"
#include "tools/assemble.hpp"
#include "tools/completion.hpp"
#include "tools/output.hpp"
#include "tools/worker_environment.hpp"

namespace nas {

std::filesystem::path tensor_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "nas-tensor";
}

std::filesystem::path light_program() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / "nas";
}

void become_tensor_program(const Program& program) {
  const std::string path = tensor_program().string();
  std::vector<std::string> arguments = program.arguments;
  arguments.front() = path;
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const auto [variable, value] = heap_variable();
  ::setenv(variable.c_str(), value.c_str(), /*overwrite=*/1);
  std::fflush(nullptr);
  ::execv(path.c_str(), pointers.data());
  throw RunError(fmt::format("{}: {}; it brings LibTorch and is built beside nas", path,
                             std::strerror(errno)));
}

namespace {

void add_commands(CLI::App& app, const Program& program, int& status) {
  for (auto* add : {
           &add_run,      &add_resume,       &add_worker,    &add_submit,     &add_cancel,
           &add_ask,      &add_tell,         &add_import,    &add_status,     &add_trials,
           &add_best,     &add_watch,        &add_correlate, &add_importance, &add_train,
           &add_space,    &add_measure,      &add_report,    &add_export,     &add_prune,
           &add_quantize, &add_qubo,         &add_anneal,    &add_bench,      &add_list,
           &add_init,     &add_doctor,       &add_devices,   &add_schema,     &add_completion,
           &add_serve,    &add_serve_trials, &add_join,
       }) {
    add(app, program, status);
  }
}

/// A closed standard descriptor would be the next file that is opened, and what is printed would
/// land in that.
void occupy_standard_descriptors() {
  int opened = ::open("/dev/null", O_RDWR);
  while (opened >= 0 && opened <= STDERR_FILENO) opened = ::open("/dev/null", O_RDWR);
  if (opened >= 0) ::close(opened);
}

int fail(ExitStatus status, const std::string& message) {
  std::fflush(stdout);
  tell_on_standard_error("nas: " + message);
  return static_cast<int>(status);
}

/// CLI11 says of a command that it does not know only that one is required.
void refuse_unknown_command(const CLI::App& app) {
  const auto unknown = app.remaining();
  if (unknown.empty()) return;
  std::vector<std::string> names;
  for (const auto& command : completed_commands(app)) names.push_back(command.name);
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = nearest(unknown.front(), known);
  throw UsageError(fmt::format("found '{}', expected one of the commands of nas --help{}",
                               printable(unknown.front()),
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

/// What CLI11 says where the command line is wrong, or help is asked for.
int exit_of(const CLI::App& app, const CLI::ParseError& error) {
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) refuse_unknown_command(app);
  return app.exit(error) == 0 ? 0 : static_cast<int>(ExitStatus::wrong_use);
}

int parse(CLI::App& app, int argc, char** argv, const int& status) {
  try {
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& error) {
    return exit_of(app, error);
  }
}

}  // namespace

int run_program(int argc, char** argv, const TensorParts& parts) {
  occupy_standard_descriptors();
  const Program program{parts, {argv, argv + argc}};
  CLI::App app{"nas finds, trains, shrinks and ships neural networks", "nas"};
  app.set_version_flag("--version", NAS_VERSION);
  app.require_subcommand(1);
  int status = 0;
  add_commands(app, program, status);
  try {
    return parse(app, argc, argv, status);
  } catch (const Error& error) {
    return fail(error.status(), error.what());
  } catch (const std::exception& error) {
    return fail(ExitStatus::run_failed, error.what());
  }
}

}  // namespace nas
