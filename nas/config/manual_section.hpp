#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {

/// One run of a description with given types of components.
struct ManualRun {
  /// The type of the component at a dotted path; others keep their defaults.
  std::map<std::string, std::string> chosen;
  /// Where a `type` was described and what it may be.
  std::vector<std::pair<std::string, std::vector<std::string>>> types;
  /// Paths of keys without default.
  std::set<std::string> required;
};

/// Writes down what is described; gives no field a value but `type`.
class ManualSection : public Section {
 public:
  /// Both must outlive the section. `records` is an object, as in `manual`.
  ManualSection(ManualRun& run, std::string path, Json& records);

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
  /// True: optional parts are listed too.
  bool has(std::string_view name) const override;
  /// What is wrong with the defaults is no part of a manual.
  void mistake(std::string_view name, const std::string& problem) override;

 private:
  /// The record of a key, made where it is described for the first time.
  Json& record(std::string_view name, std::string_view kind, std::string_view meaning);
  Json& value(std::string_view name, std::string_view kind, std::string_view meaning,
              Json default_value);
  void nested(std::string_view name, std::string_view kind, std::string_view meaning,
              const std::function<void(Section&)>& describe);
  std::string path_of(std::string_view name) const;

  ManualRun& run_;
  std::string path_;
  Json& records_;
};

}  // namespace nas
