#include "tools/bench/benchmark.hpp"

#include <string>

#include "nas/config/scalar.hpp"
#include "nas/config/yaml_parser.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/machine.hpp"
#include "nas/core/statistics.hpp"

namespace nas {
namespace {

Json scalar_json(const std::string& text) {
  if (const auto boolean = parse_boolean(text)) return *boolean;
  if (const auto whole = parse_integer(text)) return *whole;
  if (const auto real = parse_real(text)) return *real;
  return text;
}

Json node_json(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::absent:
      return nullptr;
    case ConfigNode::Kind::scalar:
      return scalar_json(node.text);
    case ConfigNode::Kind::sequence: {
      Json list = Json::array();
      for (const auto& item : node.items) list.push_back(node_json(item));
      return list;
    }
    case ConfigNode::Kind::mapping: {
      Json object = Json::object();
      for (const auto& entry : node.entries) object[entry.key] = node_json(entry.value);
      return object;
    }
  }
  return nullptr;
}

}  // namespace

Json to_json(const BenchResult& result) {
  Json json = {{"benchmark", result.benchmark},
               {"settings", result.settings},
               {"median", median(result.samples)},
               {"spread", {quantile(result.samples, 0.25), quantile(result.samples, 0.75)}},
               {"samples", result.samples.size()},
               {"unit", result.unit},
               {"device", result.device},
               {"versions", program_versions(result.device)},
               {"peak_memory", result.peak_memory}};
  json.update(result.more);
  return json;
}

Json read_settings(std::string_view benchmark, std::string_view defaults,
                   std::span<const std::string> settings,
                   const std::function<void(Section&)>& describe) {
  const std::string resolved = read_config_text(defaults, benchmark, settings, describe);
  return node_json(parse_yaml(resolved, benchmark));
}

Json program_versions(const Json& device) {
  Json versions = {{"nas", NAS_VERSION}, {"compiler", __VERSION__}};
  if (device.contains("libtorch")) versions["libtorch"] = device["libtorch"];
  return versions;
}

Json processor_facts() { return {{"device", "cpu"}, {"cpu", {{"name", processor_name()}}}}; }

}  // namespace nas
