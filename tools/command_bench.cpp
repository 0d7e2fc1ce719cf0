#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "tools/bench/print.hpp"
#include "tools/bench/table.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

struct Options {
  std::string what;
  std::string config;
  std::string target;
  std::vector<std::string> settings;
  bool list = false;
  bool json = false;
};

void list_benchmarks(const std::vector<BenchRow>& rows, const Options& options) {
  Json json = Json::array();
  for (const auto& row : rows) {
    json.push_back({{"name", row.name}, {"meaning", row.meaning}});
    if (!options.json) fmt::print("{:<16} {}\n", row.name, row.meaning);
  }
  if (options.json) print_json(json);
}

const BenchRow& find_row(const std::vector<BenchRow>& rows, const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& row : rows) {
    if (row.name == name) return row;
    names.push_back(row.name);
  }
  const auto near = nearest(name, names);
  throw UsageError(fmt::format("bench: found '{}', expected one of `nas bench --list`{}",
                               printable(name),
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

void add_bench(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("bench", "The project's own benchmarks");
  auto options = std::make_shared<Options>();
  command->add_option("WHAT", options->what, "one of --list");
  command->add_option("CONFIG", options->config, "latency-table: a configuration file");
  command->add_option("--to", options->target, "latency-table: the file to write");
  add_set_option(*command, options->settings,
                 "a setting of the benchmark, or a key of the configuration: key=value");
  command->add_flag("--list", options->list, "what there is");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const auto rows = bench_table(program.parts.benchmarks);
    if (options->list) return list_benchmarks(rows, *options);
    if (options->what.empty()) throw UsageError("bench: give one of `nas bench --list`");
    const BenchRow& row = find_row(rows, options->what);
    if (row.run == nullptr) become_tensor_program(program);
    const Json results = row.run({options->settings, options->config, options->target}, program);
    options->json ? print_json(results) : print_benchmark(results);
  });
}

}  // namespace nas
