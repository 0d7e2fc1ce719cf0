#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <thread>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/text.hpp"
#include "tools/assemble.hpp"
#include "tools/program.hpp"
#include "tools/starter_config.hpp"

namespace nas {
namespace {

struct Options {
  std::string data;
  std::string file = "config.yaml";
  std::string target;
  bool force = false;
};

void init(const Options& options, const TensorParts& parts) {
  const std::filesystem::path file = options.file;
  if (std::filesystem::exists(file) && !options.force) {
    throw UsageError(file.string() + ": is there already; --force writes over it");
  }
  const DataSurvey survey = survey_data(options.data, options.target);
  const StarterSize size = starter_size(
      survey, std::max<int64_t>(1, static_cast<int64_t>(std::thread::hardware_concurrency())));
  write_file_atomically(file, starter_config(survey, file, size));
  read_experiment(file, {}, parts).check_settings();  // what cannot be run is told here
  fmt::print("{} examples of {} classes; {} is written\n", survey.examples(),
             survey.class_names.size(), file.string());
  for (const auto& remark : survey.remarks) fmt::print("  {}\n", printable(remark));
  fmt::print("search, retraining and report, roughly {}:  nas run {}\n",
             format_duration(size.seconds), file.string());
}

}  // namespace

void add_init(CLI::App& app, const Program& program, int&) {
  auto* command =
      app.add_subcommand("init", "Look at your data and write a configuration for them");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "DATA", options->data,
          "a folder or .tar.gz of class folders of pictures or WAV files, a table (.csv), IDX "
          "files or CIFAR-10")
      ->required();
  command->add_option("-o,--out", options->file, "the file to write (config.yaml)");
  command->add_option("--target", options->target, "a table's column of classes");
  command->add_flag("--force", options->force, "write over a file that is there");
  command->callback([options, &program] { init(*options, program.parts); });
}

}  // namespace nas
