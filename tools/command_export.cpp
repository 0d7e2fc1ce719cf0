#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "nas/core/error.hpp"
#include "tools/export_network.hpp"
#include "tools/int8_network.hpp"
#include "tools/number_checks.hpp"
#include "tools/program.hpp"
#include "tools/target_path.hpp"

namespace nas {
namespace {

struct Options {
  std::string folder;
  std::string format;
  NetworkChoice choice;
  std::string to;
  bool int8 = false;
  std::string ranges = "mse";
  std::string target = "x86";
  int64_t samples = QuantizeConfig().samples;
  int64_t weight_bits = kUsualBits;
  bool equalize = false;
  std::string scores;
};

/// What a name of these stands for; the command line lets no others through.
template <class Enum, size_t N>
Enum named(const std::array<std::pair<std::string_view, Enum>, N>& rows, std::string_view name) {
  return std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == name; })
      ->second;
}

QuantizeConfig quantization(const Options& options) {
  QuantizeConfig config;
  config.samples = options.samples;
  config.weight_bits = options.weight_bits;
  config.equalize = options.equalize;
  config.ranges = named(kRangeRules, options.ranges);
  config.target = named(kInt8Targets, options.target);
  return config;
}

template <class Enum, size_t N>
CLI::IsMember names_of(const std::array<std::pair<std::string_view, Enum>, N>& rows) {
  std::vector<std::string> names;
  names.reserve(N);
  for (const auto& [name, value] : rows) names.emplace_back(name);
  return CLI::IsMember(names);
}

void check_targets(const Options& options) {
  const bool folder = named(kExportFormats, options.format) == ExportFormat::c;
  folder ? check_folder_target("--to", options.to) : check_file_target("--to", options.to);
  if (!options.scores.empty()) check_file_target("--scores", options.scores);
}

void write_exports(const Options& options, const TensorParts& parts) {
  const OpenedNetwork opened = open_network(options.folder, options.choice, parts);
  if (!options.int8) {
    return export_network(named(kExportFormats, options.format), export_source(opened, parts),
                          options.to);
  }
  const Int8Source source = int8_source(opened, quantization(options), parts);
  export_int8_network(named(kExportFormats, options.format), opened, source, options.to, parts);
  if (!options.scores.empty()) write_int8_scores(opened, source, options.scores, parts);
}

}  // namespace

void add_export(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "export", "Write a run's trained network for other programs, and run what was written");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "a run's folder")->required();
  command
      ->add_option(
          "--format", options->format,
          "onnx, torchscript: a file; c: a folder of C99 sources; safetensors: weights and "
          "a module for PyTorch")
      ->required()
      ->check(names_of(kExportFormats));
  auto* trial = command->add_option("--trial", options->choice.trial,
                                    "that trial's network in place of the best one");
  trial->check(nonnegative_number());
  command->add_flag("--pruned", options->choice.pruned, "what the stage prune left of the best one")
      ->excludes(trial);
  command->add_option("--to", options->to, "the file or folder to write")->required();
  command->add_flag("--int8", options->int8,
                    "onnx and c: in whole numbers, with ranges of the training data's");
  command
      ->add_option("--ranges", options->ranges, "what int8 numbers cover: mse, min_max, percentile")
      ->capture_default_str()
      ->check(names_of(kRangeRules));
  command->add_option("--samples", options->samples, "training examples that ranges are taken from")
      ->capture_default_str()
      ->check(positive_number());
  command
      ->add_option("--weight-bits", options->weight_bits,
                   "of int8's weights, where the space does not choose them by layer")
      ->capture_default_str()
      ->check(CLI::IsMember({4, 8}));
  command->add_flag("--equalize", options->equalize,
                    "of int8: first even out the scales of consecutive layers");
  command
      ->add_option("--target", options->target,
                   "of int8 in onnx: x86 runs unsigned numbers faster, arm signed ones")
      ->capture_default_str()
      ->check(names_of(kInt8Targets));
  command->add_option("--scores", options->scores,
                      "with --int8: also write accuracies on test data to this file");
  command->callback([options, &program] {
    check_targets(*options);
    if (!program.parts.present()) become_tensor_program(program);
    write_exports(*options, program.parts);
  });
}

}  // namespace nas
