#include "nas/config/section_reader.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "nas/config/locate.hpp"
#include "nas/config/scalar.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

std::string found(const ConfigNode& node) {
  return node.kind == ConfigNode::Kind::scalar ? fmt::format("found '{}'", printable(node.text))
                                               : fmt::format("found {}", kind_name(node.kind));
}

std::string with_unit(const std::string& text, std::string_view unit) {
  return unit.empty() ? text : fmt::format("{} {}", text, unit);
}

std::string expectation(const std::string& type, const std::string& low, const std::string& high,
                        std::string_view unit) {
  if (!low.empty() && !high.empty()) {
    return with_unit(fmt::format("{} from {} to {}", type, low, high), unit);
  }
  if (!low.empty()) return with_unit(fmt::format("{} of at least {}", type, low), unit);
  if (!high.empty()) return with_unit(fmt::format("{} of at most {}", type, high), unit);
  return with_unit(type, unit);
}

template <class Number>
std::string bound(Number value) {
  const bool open =
      value <= std::numeric_limits<Number>::lowest() || value >= std::numeric_limits<Number>::max();
  return open ? "" : fmt::format("{}", value);
}

std::string seconds_bound(double value) {
  const std::string text = bound(value);
  return text.empty() ? "" : text + "s";
}

ConfigNode scalar_node(std::string text) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::scalar;
  node.text = std::move(text);
  return node;
}

ConfigNode sequence_node(const std::vector<std::string>& texts) {
  ConfigNode node;
  node.kind = ConfigNode::Kind::sequence;
  for (const auto& text : texts) node.items.push_back(scalar_node(text));
  return node;
}

}  // namespace

SectionReader::SectionReader(ReadingContext& context, const ConfigNode& node, std::string path,
                             ConfigNode& resolved)
    : context_(context), node_(node), path_(std::move(path)), resolved_(resolved) {
  resolved_.kind = ConfigNode::Kind::mapping;
  context_.known[&node_];  // no key of a mapping is known until it is described
}

std::string SectionReader::key_path(std::string_view name) const {
  return path_.empty() || name.empty() ? path_ + std::string(name)
                                       : fmt::format("{}.{}", path_, name);
}

bool SectionReader::has(std::string_view name) const { return node_.find(name) != nullptr; }

const ConfigNode* SectionReader::value_of(std::string_view name) {
  auto& known = context_.known[&node_];
  if (std::find(known.begin(), known.end(), name) == known.end()) known.emplace_back(name);
  return node_.find(name);
}

void SectionReader::complain(const ConfigNode& where, std::string_view name,
                             const std::string& problem) {
  context_.diagnostics.add(where.mark, where.origin, key_path(name), problem);
}

const ConfigNode* SectionReader::scalar_of(std::string_view name, const std::string& expected) {
  const ConfigNode* value = value_of(name);
  if (value == nullptr || value->kind == ConfigNode::Kind::scalar) return value;
  complain(*value, name, fmt::format("{}, expected {}", found(*value), expected));
  return nullptr;
}

const ConfigNode* SectionReader::collection_of(std::string_view name, ConfigNode::Kind kind) {
  const ConfigNode* value = value_of(name);
  if (value == nullptr || value->kind == kind || value->kind == ConfigNode::Kind::absent) {
    return value;
  }
  complain(*value, name, fmt::format("{}, expected {}", found(*value), kind_name(kind)));
  return nullptr;
}

void SectionReader::resolve(std::string_view name, ConfigNode value) {
  if (ConfigNode* old = resolved_.find(name)) {
    *old = std::move(value);
  } else {
    resolved_.entries.push_back({std::string(name), {}, std::move(value)});
  }
}

void SectionReader::resolve_text(std::string_view name, std::string text) {
  resolve(name, scalar_node(std::move(text)));
}

ConfigNode& SectionReader::resolved_child(std::string_view name, ConfigNode::Kind kind) {
  if (resolved_.find(name) == nullptr) resolve(name, {});
  ConfigNode& child = *resolved_.find(name);
  child.kind = kind;
  return child;
}

void SectionReader::boolean(std::string_view name, bool& value, std::string_view) {
  if (const ConfigNode* node = scalar_of(name, "true or false")) {
    const auto parsed = parse_boolean(node->text);
    if (!parsed) complain(*node, name, found(*node) + ", expected true or false");
    value = parsed.value_or(value);
  }
  resolve_text(name, value ? "true" : "false");
}

void SectionReader::integer(std::string_view name, int64_t& value, const IntegerRange& range,
                            std::string_view) {
  const std::string expected =
      expectation("a whole number", bound(range.low), bound(range.high), range.unit);
  if (const ConfigNode* node = scalar_of(name, expected)) {
    const auto parsed = parse_integer(node->text);
    if (!parsed || *parsed < range.low || *parsed > range.high) {
      // A limit that is this type's, not the key's, is told to those alone who pass it.
      const bool beyond = !parsed && parse_real(node->text).value_or(0) >= 0x1p63;
      const std::string most = beyond ? fmt::format("{}", range.high) : bound(range.high);
      complain(*node, name,
               fmt::format("{}, expected {}", found(*node),
                           expectation("a whole number", bound(range.low), most, range.unit)));
    } else {
      value = *parsed;
    }
  }
  resolve_text(name, fmt::format("{}", value));
}

void SectionReader::real_like(std::string_view name, double& value, const RealRange& range,
                              const std::string& expected,
                              const std::function<std::optional<double>(std::string_view)>& parse) {
  if (const ConfigNode* node = scalar_of(name, expected)) {
    const auto parsed = parse(node->text);
    if (!parsed || *parsed < range.low || *parsed > range.high) {
      complain(*node, name, fmt::format("{}, expected {}", found(*node), expected));
    } else {
      value = *parsed;
    }
  }
  resolve_text(name, real_text(value));
}

void SectionReader::real(std::string_view name, double& value, const RealRange& range,
                         std::string_view) {
  real_like(name, value, range,
            expectation("a number", bound(range.low), bound(range.high), range.unit), parse_real);
}

void SectionReader::duration(std::string_view name, double& seconds, const RealRange& range,
                             std::string_view) {
  real_like(name, seconds, range,
            expectation("a duration like 90s, 10m, 2h or 1d", seconds_bound(range.low),
                        seconds_bound(range.high), ""),
            parse_duration);
}

void SectionReader::text(std::string_view name, std::string& value, std::string_view) {
  if (const ConfigNode* node = scalar_of(name, "a text")) value = node->text;
  resolve_text(name, value);
}

void SectionReader::one_of(std::string_view name, std::string& value,
                           std::span<const std::string_view> allowed, std::string_view) {
  const auto is_allowed = [&](const std::string& text) {
    return std::find(allowed.begin(), allowed.end(), text) != allowed.end();
  };
  const std::string expected = fmt::format("one of {}", fmt::join(allowed, ", "));
  const ConfigNode* node = scalar_of(name, expected);
  if (node != nullptr && !is_allowed(node->text)) {
    const auto near = nearest(node->text, allowed);
    const std::string hint = near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
    complain(*node, name, fmt::format("{}, expected {}{}", found(*node), expected, hint));
  } else if (node != nullptr) {
    value = node->text;
  }
  const bool chosen = node != nullptr ? is_allowed(node->text) : !has(name) && is_allowed(value);
  if (name == "type" && !chosen) context_.unjudged.insert(&node_);
  resolve_text(name, value);
}

void SectionReader::texts(std::string_view name, std::vector<std::string>& values,
                          std::string_view) {
  if (const ConfigNode* list = collection_of(name, ConfigNode::Kind::sequence)) {
    values = texts_of(*list, name);
  }
  resolve(name, sequence_node(values));
}

std::vector<std::string> SectionReader::texts_of(const ConfigNode& node, std::string_view name) {
  if (node.kind == ConfigNode::Kind::scalar) return {node.text};
  std::vector<std::string> values;
  for (const auto& item : node.items) {
    if (item.kind == ConfigNode::Kind::scalar) {
      values.push_back(item.text);
    } else {
      complain(item, name, fmt::format("{}, expected a single value", found(item)));
    }
  }
  return values;
}

void SectionReader::path(std::string_view name, std::string& value, std::string_view) {
  if (const ConfigNode* node = scalar_of(name, "a file or folder")) {
    value = node->text;
    if (!value.empty()) {
      const Located located = locate(value, context_.folder);
      if (located.path.empty()) {
        complain(*node, name,
                 fmt::format("{}, expected a file or folder that exists; looked for {}",
                             found(*node), fmt::join(located.tried, ", ")));
      } else {
        value = located.path.string();
      }
    }
  }
  resolve_text(name, value);
}

void SectionReader::section(std::string_view name, std::string_view,
                            const std::function<void(Section&)>& describe) {
  const ConfigNode* node = collection_of(name, ConfigNode::Kind::mapping);
  if (node == nullptr && has(name)) return;  // of the wrong kind, and said so
  ConfigNode absent;
  absent.mark = node_.mark;
  absent.origin = node_.origin;
  SectionReader child(context_, node != nullptr ? *node : absent, key_path(name),
                      resolved_child(name, ConfigNode::Kind::mapping));
  describe(child);
}

void SectionReader::items(std::string_view name, std::string_view,
                          const std::function<void(Section&)>& describe) {
  const ConfigNode* list = collection_of(name, ConfigNode::Kind::sequence);
  ConfigNode& resolved = resolved_child(name, ConfigNode::Kind::sequence);
  if (list == nullptr) return;
  resolved.items.resize(list->items.size());
  for (size_t i = 0; i < list->items.size(); ++i) {
    const ConfigNode& item = list->items[i];
    if (item.kind != ConfigNode::Kind::mapping) {
      complain(item, name, fmt::format("{}, expected a mapping", found(item)));
      continue;
    }
    SectionReader child(context_, item, fmt::format("{}.{}", key_path(name), i), resolved.items[i]);
    describe(child);
  }
}

void SectionReader::entries(std::string_view name, std::string_view,
                            const std::function<void(const std::string&, Section&)>& describe) {
  const ConfigNode* mapping = collection_of(name, ConfigNode::Kind::mapping);
  if (mapping == nullptr) return;
  ConfigNode& resolved = resolved_child(name, ConfigNode::Kind::mapping);
  SectionReader child(context_, *mapping, key_path(name), resolved);
  for (const auto& entry : mapping->entries) {
    child.section(entry.key, "", [&](Section& inner) { describe(entry.key, inner); });
  }
}

void SectionReader::scalars(std::string_view name,
                            std::vector<std::pair<std::string, std::string>>& values,
                            std::string_view) {
  if (const ConfigNode* mapping = collection_of(name, ConfigNode::Kind::mapping)) {
    values.clear();
    for (const auto& [key, mark, value] : mapping->entries) {
      values.emplace_back(key, value.text);
      if (value.kind == ConfigNode::Kind::scalar) continue;
      complain(value, fmt::format("{}.{}", name, key), found(value) + ", expected a text");
    }
  }
  ConfigNode& resolved = resolved_child(name, ConfigNode::Kind::mapping);
  resolved.entries.clear();
  for (const auto& [key, text] : values) resolved.entries.push_back({key, {}, scalar_node(text)});
}

void SectionReader::text_lists(std::string_view name, TextLists& values, std::string_view) {
  if (const ConfigNode* mapping = collection_of(name, ConfigNode::Kind::mapping)) {
    values.clear();
    for (const auto& [key, mark, value] : mapping->entries) {
      const std::string path = fmt::format("{}.{}", name, key);
      const bool listed =
          value.kind == ConfigNode::Kind::scalar || value.kind == ConfigNode::Kind::sequence;
      if (!listed) complain(value, path, found(value) + ", expected a text or a list of texts");
      values.emplace_back(key, texts_of(value, path));
    }
  }
  ConfigNode& resolved = resolved_child(name, ConfigNode::Kind::mapping);
  resolved.entries.clear();
  for (const auto& [key, texts] : values) {
    resolved.entries.push_back({key, {}, sequence_node(texts)});
  }
}

void SectionReader::program(std::string_view name, std::vector<std::string>& command,
                            std::string_view) {
  if (const ConfigNode* list = collection_of(name, ConfigNode::Kind::sequence)) {
    command = texts_of(*list, name);
    if (command.empty()) complain(*list, name, "is empty, expected a program and its arguments");
    for (size_t i = 0; i < command.size(); ++i) {
      const auto path = i == 0 ? locate_program(command[i], context_.folder)
                               : locate_argument(command[i], context_.folder);
      if (i == 0 && path.empty()) {
        complain(list->items[i], name,
                 found(list->items[i]) + ", expected a program in PATH or an executable file");
      }
      if (!path.empty()) command[i] = path.string();
    }
  }
  resolve(name, sequence_node(command));
}

void SectionReader::required(std::initializer_list<std::string_view> names) {
  for (const auto name : names) {
    if (value_of(name) == nullptr) complain(node_, name, "missing, and it has no default");
  }
}

void SectionReader::mistake(std::string_view name, const std::string& problem) {
  const ConfigNode* value = node_.find(name);
  complain(value != nullptr ? *value : node_, name, problem);
}

}  // namespace nas
