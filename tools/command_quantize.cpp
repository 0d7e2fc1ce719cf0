#include <CLI/CLI.hpp>

#include "tools/assemble.hpp"
#include "tools/program.hpp"
#include "tools/set_option.hpp"
#include "tools/tensor_quantize.hpp"

namespace nas {

void add_quantize(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "quantize", "Train a run's best network for int8, as its stages.quantize.training says");
  auto request = std::make_shared<QuantizeRequest>();
  command->add_option("DIR", request->folder, "a run's folder")->required();
  add_set_option(*command, request->overrides,
                 "other values: stages.quantize.training.epochs=5; may be given many times");
  command->callback([request, &program] {
    if (!program.parts.present()) become_tensor_program(program);
    program.parts.quantize_command(*request);
  });
}

}  // namespace nas
