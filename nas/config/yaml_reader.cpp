#include "nas/config/yaml_reader.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/config/overrides.hpp"
#include "nas/config/section_reader.hpp"
#include "nas/config/yaml_parser.hpp"
#include "nas/config/yaml_writer.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// Keys that nothing asked for.
void report_unknown(ReadingContext& context, const ConfigNode& node, const std::string& path) {
  for (const auto& item : node.items) report_unknown(context, item, path);
  const auto found = context.known.find(&node);
  // Scalars, and what is of the wrong kind, were never described.
  if (found == context.known.end() || context.unjudged.contains(&node)) return;
  const std::vector<std::string_view> known(found->second.begin(), found->second.end());
  for (const auto& entry : node.entries) {
    const std::string key = path.empty() ? entry.key : path + "." + entry.key;
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) {
      report_unknown(context, entry.value, key);
      continue;
    }
    const auto near = nearest(entry.key, known);
    const std::string hint = near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
    context.diagnostics.add(entry.mark, entry.value.origin, key, "unknown key" + hint);
  }
}

void apply_overrides(ConfigNode& root, std::span<const std::string> overrides) {
  std::vector<std::string> mistakes;
  for (const auto& assignment : overrides) {
    try {
      apply_override(root, assignment);
    } catch (const ConfigError& error) {
      mistakes.insert(mistakes.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  if (!mistakes.empty()) throw ConfigError(std::move(mistakes));
}

std::string read(std::string_view text, std::string_view name,
                 std::span<const std::string> overrides, ReadingContext context,
                 const std::function<void(Section&)>& describe) {
  ConfigNode root = parse_yaml(text, name);
  apply_overrides(root, overrides);
  if (root.kind == ConfigNode::Kind::absent) {
    root.kind = ConfigNode::Kind::mapping;
    root.mark = {1, 1};
  }
  if (root.kind != ConfigNode::Kind::mapping) {
    throw ConfigError({fmt::format("{}:{}:{}: found {}, expected a mapping of keys to values", name,
                                   root.mark.line, root.mark.column, kind_name(root.kind))});
  }
  ConfigNode resolved;
  SectionReader section(context, root, "", resolved);
  describe(section);
  report_unknown(context, root, "");
  if (!context.diagnostics.empty()) throw ConfigError(context.diagnostics.lines());
  return write_yaml(resolved);
}

ReadingContext context_for(const std::string& name, std::filesystem::path folder) {
  return {Diagnostics(name), std::move(folder), {}, {}};
}

}  // namespace

std::string read_config(const std::filesystem::path& file, std::span<const std::string> overrides,
                        const std::function<void(Section&)>& describe) {
  const std::string text = read_file(file);  // first: names a file that is not there
  const auto folder = std::filesystem::absolute(file).parent_path();
  return read(text, file.string(), overrides, context_for(file.string(), folder), describe);
}

std::string read_config_text(std::string_view text, std::string_view name,
                             std::span<const std::string> overrides,
                             const std::function<void(Section&)>& describe) {
  return read(text, name, overrides,
              context_for(std::string(name), std::filesystem::current_path()), describe);
}

}  // namespace nas
