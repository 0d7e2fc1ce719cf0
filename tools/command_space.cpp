#include <fmt/core.h>
#include <algorithm>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "nas/search/sampling.hpp"
#include "tools/named_space.hpp"
#include "tools/number_checks.hpp"
#include "tools/output.hpp"
#include "tools/program.hpp"
#include "tools/set_option.hpp"

namespace nas {
namespace {

struct Options {
  std::string space;
  std::vector<std::string> overrides;
  int64_t samples = 0;
  uint64_t seed = 0;
  bool json = false;
};

Json interval_json(const char* type, const auto& interval) {
  return {{"type", type}, {"low", interval.low}, {"high", interval.high}, {"log", interval.log}};
}

struct DomainJson {
  Json operator()(const Categorical& domain) const {
    const Json numbers(domain.numbers);
    return {{"type", domain.ordered ? "ordered" : "categorical"},
            {"options", domain.numbers.empty() ? Json(domain.options) : numbers}};
  }
  Json operator()(const IntegerInterval& domain) const { return interval_json("int", domain); }
  Json operator()(const RealInterval& domain) const { return interval_json("float", domain); }
};

Json choice_json(const Choices& choices, const Choice& choice) {
  Json json = {{"name", choice.name}};
  json.update(std::visit(DomainJson{}, choice.domain));
  if (choice.when) {
    const auto& parent = choices[static_cast<size_t>(choice.when->choice)];
    Json allowed = Json::array();
    for (const int64_t option : choice.when->options) {
      const auto* options = std::get_if<Categorical>(&parent.domain);
      allowed.push_back(options == nullptr ? Json(option)
                                           : Json(options->options[static_cast<size_t>(option)]));
    }
    json["when"] = {{parent.name, allowed}};
  }
  for (const Relation& relation : choice.relations) json["constraints"].push_back(relation.text());
  return json;
}

Json space_json(const Space& space, const Options& options) {
  Json json = {{"name", space.name()}, {"choices", Json::array()}};
  for (const auto& choice : space.choices()) {
    json["choices"].push_back(choice_json(space.choices(), choice));
  }
  const auto size = count(space.choices());
  const bool related = std::any_of(space.choices().begin(), space.choices().end(),
                                   [](const Choice& choice) { return !choice.relations.empty(); });
  json["size"] = size && !related ? Json(*size) : Json(nullptr);
  if (options.samples > 0) json["points"] = Json::array();
  for (int64_t i = 0; i < options.samples; ++i) {
    RandomStream random(options.seed, "space.sample", static_cast<uint64_t>(i));
    const Point point = sample(space.choices(), random);
    json["points"].push_back(
        {{"point", to_json(space.choices(), point)}, {"arch", space.text(point)}});
  }
  return json;
}

void print_space(const Json& json) {
  const std::string size = json["size"].is_null()
                               ? "more than 2^62, infinitely many, or what constraints leave:"
                               : json["size"].dump();
  fmt::print("{}: {} points\n", json["name"].get<std::string>(), size);
  for (const auto& choice : json["choices"]) {
    const std::string name = choice["name"].get<std::string>();
    Json rest = choice;
    rest.erase("name");
    fmt::print("  {:<24} {}\n", name, rest.dump());
  }
  for (const auto& point : json.value("points", Json::array())) {
    fmt::print("{}\n", point["arch"].get<std::string>());
  }
}

}  // namespace

void add_space(CLI::App& app, const Program& program, int&) {
  auto* command = app.add_subcommand("space", "What a space lets one choose");
  auto options = std::make_shared<Options>();
  command
      ->add_option("SPACE", options->space,
                   "a configuration file, a run's folder, or the name of a space")
      ->required();
  add_set_option(*command, options->overrides, "an option: key=value");
  command->add_option("--sample", options->samples, "list this many random points")
      ->check(nonnegative_number());
  command->add_option("--seed", options->seed, "seed of the random points")
      ->check(nonnegative_number());
  command->add_flag("--json", options->json, "print JSON");
  command->callback([options, &program] {
    const auto space = find_space(options->space, options->overrides, program.parts);
    const Json json = space_json(*space, *options);
    options->json ? print_json(json) : print_space(json);
  });
}

}  // namespace nas
