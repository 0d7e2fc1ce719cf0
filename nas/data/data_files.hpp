#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "nas/data/data_config.hpp"

namespace nas {

/// What tells the files of a data set from those of another one, or of the same at another time,
/// without reading them; the same wherever they lie.
struct DataFiles {
  int64_t files = 0;
  int64_t bytes = 0;
  std::string sha256;  // of all names and sizes
};

/// Those at `data.path` that hold examples, by their names; an archive is one file. Nothing where
/// the data set has no path.
std::optional<DataFiles> data_files(const DataConfig& config);

}  // namespace nas
