#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "controllers/registry.hpp"
#include "controllers/stopping_registry.hpp"
#include "nas/config/json_schema.hpp"
#include "nas/config/manual.hpp"
#include "nas/config/manual_text.hpp"
#include "search_spaces/registry.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

constexpr std::string_view kIntroduction = R"(# Every key of a configuration

Written by `nas schema --markdown` from the declarations that also read configurations.

Whole numbers may carry `K`, `M` or `G` (powers of 1000), times `s`, `m`, `h` or `d`. A relative path is
looked for beside the configuration, in the current folder, then in the folder that the environment
variable `NAS_DATA` names. `nas schema > nas.schema.json` writes the same as a JSON Schema: with
`# yaml-language-server: $schema=nas.schema.json` as first line of a configuration, editors with the YAML
language server complete its keys and mark its mistakes.

A `type` decides which other keys a mapping has: a table says what all types have, those below it what
only one has.
)";

template <class Rows>
void tell_types(Json& record, const Rows& rows) {
  for (const auto& row : rows) record["meanings"][std::string(row.name)] = row.meaning;
}

Json records(const TensorParts& parts) {
  Json keys = manual([&](Section& section) {
    Experiment experiment;
    describe(section, experiment, parts);
  });
  Experiment experiment;
  tell_types(keys["space"], space_registry());
  tell_types(keys["controller"], controller_registry(parts.controllers));
  tell_types(keys["evaluator"], evaluator_registry(parts, experiment));
  tell_types(keys["stopping"], stopping_registry());
  return keys;
}

}  // namespace

void add_schema(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("schema", "All keys of a configuration, as a JSON Schema");
  auto markdown = std::make_shared<bool>(false);
  command->add_flag("--markdown", *markdown, "as a page to read: docs/reference.md");
  command->callback([markdown, &program] {
    const Json keys = records(program.parts);
    if (!*markdown) return print_json(json_schema(keys, "A configuration of nas"));
    fmt::print("{}{}", kIntroduction, manual_markdown(keys));
  });
}

}  // namespace nas
