#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "nas/config/diagnostics.hpp"
#include "nas/config/node.hpp"
#include "nas/config/section.hpp"

namespace nas {

/// What all sections of one configuration share while it is read.
struct ReadingContext {
  Diagnostics diagnostics;
  std::filesystem::path folder;  // of the configuration file
  /// Keys that were described, by mapping.
  std::map<const ConfigNode*, std::vector<std::string>> known;
  /// Mappings of an unknown type: what their other keys mean cannot be judged.
  std::set<const ConfigNode*> unjudged;
};

/// Fills config structs from one mapping and writes every value, read or default, to `resolved`.
class SectionReader : public Section {
 public:
  SectionReader(ReadingContext& context, const ConfigNode& node, std::string path,
                ConfigNode& resolved);

  void boolean(std::string_view name, bool& value, std::string_view meaning) override;
  void integer(std::string_view name, int64_t& value, const IntegerRange& range,
               std::string_view meaning) override;
  void real(std::string_view name, double& value, const RealRange& range,
            std::string_view meaning) override;
  void duration(std::string_view name, double& seconds, const RealRange& range,
                std::string_view meaning) override;
  void text(std::string_view name, std::string& value, std::string_view meaning) override;
  void one_of(std::string_view name, std::string& value, std::span<const std::string_view> allowed,
              std::string_view meaning) override;
  void texts(std::string_view name, std::vector<std::string>& values,
             std::string_view meaning) override;
  void path(std::string_view name, std::string& value, std::string_view meaning) override;
  void section(std::string_view name, std::string_view meaning,
               const std::function<void(Section&)>& describe) override;
  void items(std::string_view name, std::string_view meaning,
             const std::function<void(Section&)>& describe) override;
  void entries(std::string_view name, std::string_view meaning,
               const std::function<void(const std::string&, Section&)>& describe) override;
  void scalars(std::string_view name, std::vector<std::pair<std::string, std::string>>& values,
               std::string_view meaning) override;
  void text_lists(std::string_view name, TextLists& values, std::string_view meaning) override;
  void program(std::string_view name, std::vector<std::string>& command,
               std::string_view meaning) override;
  void required(std::initializer_list<std::string_view> names) override;
  bool has(std::string_view name) const override;
  void mistake(std::string_view name, const std::string& problem) override;

 private:
  /// The value of a key, now known; null where the configuration does not give it.
  const ConfigNode* value_of(std::string_view name);
  /// The same where it is a scalar; otherwise the mistake is noted.
  const ConfigNode* scalar_of(std::string_view name, const std::string& expected);
  /// A collection of the wanted kind; otherwise the mistake is noted.
  const ConfigNode* collection_of(std::string_view name, ConfigNode::Kind kind);
  /// The texts of a list, or of a scalar standing for a list of one; other items are mistakes.
  std::vector<std::string> texts_of(const ConfigNode& node, std::string_view name);
  void complain(const ConfigNode& where, std::string_view name, const std::string& problem);
  void real_like(std::string_view name, double& value, const RealRange& range,
                 const std::string& expected,
                 const std::function<std::optional<double>(std::string_view)>& parse);
  void resolve(std::string_view name, ConfigNode value);
  void resolve_text(std::string_view name, std::string text);
  /// The mapping below `name` in the resolved tree; the old one where it was described before.
  ConfigNode& resolved_child(std::string_view name, ConfigNode::Kind kind);
  std::string key_path(std::string_view name) const;

  ReadingContext& context_;
  const ConfigNode& node_;
  std::string path_;
  ConfigNode& resolved_;
};

}  // namespace nas
