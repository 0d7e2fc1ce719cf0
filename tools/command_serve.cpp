#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/stop.hpp"
#include "tools/local_host.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/report_server.hpp"
#include "tools/served_runs.hpp"

namespace nas {
namespace {

constexpr int kLargestPort = 65535;

struct Options {
  std::vector<std::string> folders;
  ServerAddress address{.port = 8570};
};

void serve(const Options& options, const Program& program) {
  ServedRuns runs(options.folders, program.parts);
  install_stop_signals(0);
  ReportServer server(runs, options.address);
  const std::string& host = options.address.host;
  if (!is_loopback(host)) {
    tell_on_standard_error(fmt::format("nas: whoever reaches {} can read these runs", host));
  }
  const bool brackets = host.find(':') != host.npos;
  fmt::print("{} run{} at http://{}:{}/ until Ctrl-C\n", runs.size(), runs.size() == 1 ? "" : "s",
             brackets ? "[" + host + "]" : host, server.port());
  std::fflush(stdout);
  server.serve();
}

}  // namespace

void add_serve(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand(
      "serve", "Show the reports of runs in a browser, live, several beside each other");
  auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folders, "runs' folders, or folders of such")->required();
  command
      ->add_option("--host", options->address.host,
                   "address to listen at; others than loopback let other machines in")
      ->capture_default_str();
  command->add_option("--port", options->address.port, "0: any that is free")
      ->check(CLI::Range(0, kLargestPort))
      ->capture_default_str();
  command->callback([options, &program] { serve(*options, program); });
}

}  // namespace nas
