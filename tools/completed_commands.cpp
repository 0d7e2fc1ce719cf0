#include <CLI/CLI.hpp>

#include "tools/completion.hpp"

namespace nas {
namespace {

/// What CLI::IsMember writes behind the type of a value: "TEXT:{onnx,c}".
std::vector<std::string> values_in(const std::string& type) {
  const size_t begin = type.find('{');
  const size_t end = type.find('}', begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

CompletedOption completed(const CLI::Option& option) {
  CompletedOption made;
  for (const auto& name : option.get_lnames()) made.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) made.names.push_back("-" + name);
  made.meaning = option.get_description();
  made.takes_value = option.get_items_expected_max() > 0;
  made.values = values_in(option.get_type_name());
  return made;
}

}  // namespace

std::vector<CompletedCommand> completed_commands(const CLI::App& app) {
  std::vector<CompletedCommand> commands;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;  // not for people
    CompletedCommand made{command->get_name(), command->get_description(), {}};
    for (const auto* option : command->get_options()) made.options.push_back(completed(*option));
    commands.push_back(std::move(made));
  }
  return commands;
}

}  // namespace nas
