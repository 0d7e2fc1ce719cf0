#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nas/data/data_config.hpp"

namespace nas {

/// What a look at somebody's data tells.
struct DataSurvey {
  DataConfig config;  // reads it; `path` is absolute
  TaskShape task;
  bool own_test = false;  // the data bring a test split
  std::vector<std::string> class_names;
  std::vector<int64_t>
      class_sizes;  // examples to train and validate on, and to test where no split
  /// What was seen, a line each, for people: sides of pictures, columns.
  std::vector<std::string> remarks;

  int64_t examples() const;
  bool sounds() const { return config.dataset == "audio"; }
  /// Sounds are seen as pictures.
  bool pictures() const { return config.dataset != "csv"; }
};

/// Finds out what is in a folder, an archive or a table and reads enough of it to know that it can
/// be learnt from. `target` names a table's column of classes; empty: it is guessed. Throws
/// InputError where it is nothing that can be read, says why and what was expected.
DataSurvey survey_data(const std::filesystem::path& path, const std::string& target);

/// The settings for a table: its target, the class that is looked for, columns to leave out.
TableConfig survey_table(const std::string& path, const std::string& target,
                         std::vector<std::string>& remarks);

}  // namespace nas
