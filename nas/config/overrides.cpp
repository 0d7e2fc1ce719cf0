#include "nas/config/overrides.hpp"

#include <fmt/core.h>

#include <charconv>

#include "nas/config/yaml_parser.hpp"
#include "nas/core/error.hpp"
#include "nas/core/secret.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

void stamp(ConfigNode& node, const std::string& origin) {
  node.origin = origin;
  for (auto& item : node.items) stamp(item, origin);
  for (auto& entry : node.entries) stamp(entry.value, origin);
}

[[noreturn]] void fail(const std::string& origin, const std::string& problem) {
  throw ConfigError({fmt::format("{}: {}", printable(origin), problem)});
}

ConfigNode& item_at(ConfigNode& list, std::string_view index, const std::string& origin) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), number);
  if (error != std::errc() || end != index.data() + index.size() || number >= list.items.size()) {
    fail(origin, fmt::format("found '{}', expected an index below {}", printable(index),
                             list.items.size()));
  }
  return list.items[number];
}

ConfigNode& child_of(ConfigNode& node, std::string_view key, const std::string& origin) {
  if (node.kind == ConfigNode::Kind::sequence) return item_at(node, key, origin);
  if (node.kind == ConfigNode::Kind::scalar) {
    fail(origin,
         fmt::format("'{}' stands below a single value, expected a mapping", printable(key)));
  }
  node.kind = ConfigNode::Kind::mapping;
  if (ConfigNode* found = node.find(key)) return *found;
  node.entries.push_back({std::string(key), {}, {}});
  node.entries.back().value.origin = origin;
  return node.entries.back().value;
}

/// The first key of a path: the longest of the mapping that it starts with, since names that users
/// choose may hold dots; else what stands before the first dot.
std::string_view first_key(const ConfigNode& node, std::string_view path) {
  std::string_view key = path.substr(0, path.find('.'));
  for (const auto& entry : node.entries) {
    const bool starts = path.starts_with(entry.key) &&
                        (path.size() == entry.key.size() || path[entry.key.size()] == '.');
    if (starts && entry.key.size() > key.size()) key = path.substr(0, entry.key.size());
  }
  return key;
}

ConfigNode value_of(std::string_view text, const std::string& origin) {
  try {
    ConfigNode value = parse_yaml(text, "value");
    stamp(value, origin);
    return value;
  } catch (const ConfigError& error) {
    fail(origin, error.what());
  }
}

}  // namespace

void apply_override(ConfigNode& root, std::string_view assignment) {
  const std::string origin = fmt::format("--set {}", without_password(assignment));
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) fail(origin, "expected a.b=value");
  ConfigNode value = value_of(assignment.substr(equals + 1), origin);
  std::string_view path = assignment.substr(0, equals);
  ConfigNode* node = &root;
  for (bool last = false; !last;) {
    const auto key = first_key(*node, path);
    if (key.empty()) fail(origin, "found an empty key, expected a.b=value");
    node = &child_of(*node, key, origin);
    last = key.size() == path.size();
    path.remove_prefix(last ? path.size() : key.size() + 1);
  }
  *node = std::move(value);
}

}  // namespace nas
