#include "nas/data/sound_index.hpp"

#include <fmt/core.h>
#include <fnmatch.h>

#include <algorithm>

#include <map>
#include <set>

#include "nas/core/error.hpp"
#include "nas/core/lower_case.hpp"
#include "nas/data/name_pattern.hpp"
#include "nas/data/text_table.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// By name of the file, in rising order.
using Told = std::map<std::string, NameFields>;

Told told_by_names(const std::vector<std::string>& names, const std::string& root,
                   const AudioConfig& config) {
  const NamePattern pattern(config.names);
  Told told;
  for (const std::string& name : names) {
    if (!is_sound_name(name)) continue;
    const auto fields = pattern.match(name);
    if (!fields) {
      throw InputError(
          fmt::format("'{}', recording '{}': expected a name like '{}' (data.audio."
                      "names)",
                      root, name, config.names));
    }
    told.emplace(name, *fields);
  }
  return told;
}

Told told_by_list(const std::vector<std::string>& names, const std::string& root,
                  const std::string& list) {
  TableConfig format;
  format.header = "present";
  const TextTable table = read_text_table(list, format);
  const size_t file = column_called(table, "file", "list");
  const size_t label = column_called(table, "label", "list");
  const auto group = std::find(table.names.begin(), table.names.end(), "group");
  const std::set<std::string> there(names.begin(), names.end());
  Told told;
  for (size_t row = 0; row < table.rows.size(); ++row) {
    const auto& cells = table.rows[row].cells;
    if (!there.contains(cells[file])) {
      refuse_cell(table, row, file,
                  fmt::format("found '{}', expected a file in '{}'", cells[file], root));
    }
    if (is_missing(cells[label])) refuse_cell(table, row, label, "found nothing, expected a class");
    NameFields fields{cells[label], ""};
    if (group != table.names.end()) {
      fields.group = cells[static_cast<size_t>(group - table.names.begin())];
    }
    if (!told.emplace(cells[file], fields).second) {
      refuse_cell(table, row, file, fmt::format("found '{}' a second time", cells[file]));
    }
  }
  return told;
}

/// Places of the different texts in their order.
std::map<std::string, int64_t> numbered(const std::set<std::string>& texts) {
  std::map<std::string, int64_t> numbers;
  for (const auto& text : texts) numbers.emplace(text, static_cast<int64_t>(numbers.size()));
  return numbers;
}

/// What `field` is in these recordings.
template <class Field>
std::set<int64_t> found_in(const std::vector<SoundFile>& files, Field field) {
  std::set<int64_t> found;
  for (const SoundFile& file : files) found.insert(file.*field);
  return found;
}

void check_parts(const SoundIndex& index, const std::string& root, const AudioConfig& config) {
  const auto labels = found_in(index.training, &SoundFile::label);
  const auto groups = found_in(index.training, &SoundFile::group);
  for (const SoundFile& file : index.test) {
    if (!labels.contains(file.label)) {
      throw InputError(
          fmt::format("'{}', test recording '{}': class '{}' has no training recordings", root,
                      file.name, index.class_names[static_cast<size_t>(file.label)]));
    }
    if (config.split_by == "group" && groups.contains(file.group)) {
      throw InputError(
          fmt::format("'{}', test recording '{}': its group has training recordings, "
                      "too; expected whole groups in data.audio.test_names",
                      root, file.name));
    }
  }
}

}  // namespace

bool is_sound_name(const std::string& name) {
  const fs::path path(name);
  return lower_case(path.extension().string()) == ".wav" &&
         !path.filename().string().starts_with(".");
}

SoundIndex index_sounds(const std::vector<std::string>& names, const fs::path& root,
                        const AudioConfig& config) {
  const Told told = config.list.empty() ? told_by_names(names, root.string(), config)
                                        : told_by_list(names, root.string(), config.list);
  std::set<std::string> classes;
  std::set<std::string> groups;
  for (const auto& [name, fields] : told) {
    classes.insert(fields.label);
    groups.insert(fields.group);
  }
  if (classes.size() < 2) {
    throw InputError(fmt::format("'{}': expected recordings (.wav) of at least 2 classes, found {}",
                                 root.string(), classes.size()));
  }
  SoundIndex index;
  index.class_names.assign(classes.begin(), classes.end());
  const auto label_of = numbered(classes);
  const auto group_of = numbered(groups);
  for (const auto& [name, fields] : told) {
    const std::string file = fs::path(name).filename().string();
    const bool test =
        !config.test_names.empty() && fnmatch(config.test_names.c_str(), file.c_str(), 0) == 0;
    (test ? index.test : index.training)
        .push_back({name, label_of.at(fields.label), group_of.at(fields.group)});
  }
  if (!config.test_names.empty() && (index.test.empty() || index.training.empty())) {
    throw InputError(
        fmt::format("'{}': '{}' (data.audio.test_names) fits {} of {} recordings, "
                    "expected some",
                    root.string(), config.test_names, index.test.size(), told.size()));
  }
  check_parts(index, root.string(), config);
  return index;
}

}  // namespace nas
