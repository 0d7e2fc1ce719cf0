#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "tools/assemble.hpp"
#include "tools/number_checks.hpp"
#include "tools/program.hpp"
#include "tools/set_option.hpp"
#include "tools/target_path.hpp"
#include "tools/tensor_prune.hpp"

namespace nas {

void add_prune(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "prune", "Remove channels of a run's retrained network, as its stages.prune says");
  auto request = std::make_shared<PruneRequest>();
  command->add_option("DIR", request->folder, "a run's folder")->required();
  command->add_option("--to", request->to, "folder for weights.safetensors and metrics.json")
      ->required();
  command->add_option("--retraining", request->retraining, "which of the retrained networks")
      ->check(nonnegative_number());
  add_set_option(*command, request->overrides,
                 "other values: stages.prune.multiply_adds=0.3; may be given many times");
  command->callback([request, &program] {
    check_folder_target("--to", request->to);
    if (!program.parts.present()) become_tensor_program(program);
    const Json result = program.parts.prune_command(*request);
    for (const auto& [name, value] : result["after"].items()) {
      if (!result["before"].contains(name)) continue;  // masks of older versions say the end alone
      fmt::print("{}: {:.6g} -> {:.6g}\n", name, result["before"][name].get<double>(),
                 value.get<double>());
    }
  });
}

}  // namespace nas
