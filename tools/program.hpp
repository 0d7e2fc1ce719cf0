#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace nas {

struct TensorParts;

/// What every subcommand gets: the parts that this program has, and its own command line.
struct Program {
  const TensorParts& parts;
  std::vector<std::string> arguments;
};

/// Replaces this process by nas-tensor with the same arguments; the process number, the terminal
/// and signals stay. Throws RunError where the program is not there.
[[noreturn]] void become_tensor_program(const Program& program);

/// nas, this program or beside it.
std::filesystem::path light_program();

/// nas-tensor, beside this program.
std::filesystem::path tensor_program();

/// One subcommand a function, each in its own file; the callback does the work and leaves the exit
/// status in `status`.
void add_run(CLI::App& app, const Program& program, int& status);
void add_resume(CLI::App& app, const Program& program, int& status);
void add_worker(CLI::App& app, const Program& program, int& status);
void add_submit(CLI::App& app, const Program& program, int& status);
void add_cancel(CLI::App& app, const Program& program, int& status);
void add_ask(CLI::App& app, const Program& program, int& status);
void add_tell(CLI::App& app, const Program& program, int& status);
void add_import(CLI::App& app, const Program& program, int& status);
void add_status(CLI::App& app, const Program& program, int& status);
void add_trials(CLI::App& app, const Program& program, int& status);
void add_importance(CLI::App& app, const Program& program, int& status);
void add_qubo(CLI::App& app, const Program& program, int& status);
void add_anneal(CLI::App& app, const Program& program, int& status);
void add_correlate(CLI::App& app, const Program& program, int& status);
void add_best(CLI::App& app, const Program& program, int& status);
void add_train(CLI::App& app, const Program& program, int& status);
void add_space(CLI::App& app, const Program& program, int& status);
void add_measure(CLI::App& app, const Program& program, int& status);
void add_report(CLI::App& app, const Program& program, int& status);
void add_export(CLI::App& app, const Program& program, int& status);
void add_prune(CLI::App& app, const Program& program, int& status);
void add_quantize(CLI::App& app, const Program& program, int& status);
void add_watch(CLI::App& app, const Program& program, int& status);
void add_bench(CLI::App& app, const Program& program, int& status);
void add_list(CLI::App& app, const Program& program, int& status);
void add_schema(CLI::App& app, const Program& program, int& status);
void add_completion(CLI::App& app, const Program& program, int& status);
void add_init(CLI::App& app, const Program& program, int& status);
void add_doctor(CLI::App& app, const Program& program, int& status);
void add_devices(CLI::App& app, const Program& program, int& status);
void add_serve(CLI::App& app, const Program& program, int& status);
void add_serve_trials(CLI::App& app, const Program& program, int& status);
void add_join(CLI::App& app, const Program& program, int& status);

/// Parses the command line, runs one subcommand, turns errors into messages and exit statuses.
int run_program(int argc, char** argv, const TensorParts& parts);

}  // namespace nas
