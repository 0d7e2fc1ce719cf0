#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "nas/run/import_csv.hpp"
#include "tools/output.hpp"
#include "tools/outside_run.hpp"

namespace nas {
namespace {

struct Options {
  OutsidePlace place;
  std::string file;
  bool json = false;
};

void import(const Options& options, const Program& program) {
  OutsideRun run(options.place, program);
  const auto known =
      read_known_trials(options.file, run.choices(), run.experiment().config.objectives);
  run.search().import(known);
  run.note_import(options.file, known.size());
  run.log().write("imported", {{"file", options.file}, {"trials", known.size()}});
  if (options.json) return print_json(Json{{"imported", known.size()}});
  fmt::print("{} trials imported into {}\n", known.size(), run.folder().string());
}

}  // namespace

void add_import(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("import", "Give a search the results of earlier trials");
  auto options = std::make_shared<Options>();
  add_place_options(*command, options->place);
  command
      ->add_option("--csv", options->file,
                   "a line a trial; columns are named after parameters and metrics")
      ->required();
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] { import(*options, program); });
}

}  // namespace nas
