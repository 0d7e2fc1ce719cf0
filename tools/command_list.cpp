#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/registry.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

template <class Rows>
Json rows_json(const Rows& rows) {
  Json json = Json::array();
  for (const auto& row : rows) json.push_back({{"name", row.name}, {"meaning", row.meaning}});
  return json;
}

Json list_of(const std::string& what, const TensorParts& parts) {
  Experiment experiment;
  if (what == "spaces") return rows_json(space_registry());
  if (what == "controllers") return rows_json(controller_registry(parts.controllers));
  if (what == "stopping") return rows_json(stopping_registry());
  if (what == "evaluators") return rows_json(evaluator_registry(parts, experiment));
  if (what == "datasets") return rows_json(dataset_kinds());
  return rows_json(operation_table());
}

void print_list(const Json& json) {
  for (const auto& [what, rows] : json.items()) {
    fmt::print("{}\n", what);
    for (const auto& row : rows) {
      fmt::print("  {:<24} {}\n", row["name"].get<std::string>(),
                 row["meaning"].get<std::string>());
    }
  }
}

}  // namespace

void add_list(CLI::App& app, const Program& program, int&) {
  struct Options {
    std::string what;
    bool json = false;
  };
  static const std::vector<std::string> kKinds{"spaces",     "controllers", "stopping",
                                               "evaluators", "datasets",    "operations"};
  auto* command = app.add_subcommand("list", "What there is to choose from");
  auto options = std::make_shared<Options>();
  command->add_option("KIND", options->what, "only these")->check(CLI::IsMember(kKinds));
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    Json json;
    for (const auto& kind : kKinds) {
      if (options->what.empty() || options->what == kind) json[kind] = list_of(kind, program.parts);
    }
    if (!options->json) return print_list(json);
    print_json(options->what.empty() ? json : json[options->what]);
  });
}

}  // namespace nas
