#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/run/run_folder.hpp"
#include "tools/program.hpp"
#include "tools/write_report.hpp"

namespace nas {

void add_report(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("report", "Write DIR/report.html");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "a run's folder")->required();
  command->callback([folder, &program] {
    write_report(*folder, program.parts);
    fmt::print("{}\n", RunFolder(*folder).report().string());
  });
}

}  // namespace nas
