#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "tools/export_network.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

struct Options {
  std::string folder;
  std::string format;
  int64_t trial = -1;
  std::string to;
};

}  // namespace

void add_export(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "export", "Write a run's trained network for other programs, and run what was written");
  auto options = std::make_shared<Options>();
  std::vector<std::string> formats;
  formats.reserve(kExportFormats.size());
  for (const auto& [name, format] : kExportFormats) formats.emplace_back(name);
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command
      ->add_option(
          "--format", options->format,
          "onnx, torchscript: a file; c: a folder of C99 sources; safetensors: weights and "
          "a module for PyTorch")
      ->required()
      ->check(CLI::IsMember(formats));
  command->add_option("--trial", options->trial, "that trial's network in place of the best one")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--to", options->to, "the file or folder to write")->required();
  command->callback([options, &program] {
    if (!program.parts.present()) become_tensor_program(program);
    for (const auto& [name, format] : kExportFormats) {
      if (name != options->format) continue;
      const ExportSource source = export_source(options->folder, options->trial, program.parts);
      export_network(format, source, options->to);
    }
  });
}

}  // namespace nas
