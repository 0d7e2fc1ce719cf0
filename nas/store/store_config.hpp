#pragma once

#include <cstdint>
#include <string>

namespace nas {

class Section;

/// `store:`, the database that the workers of a search share.
struct StoreConfig {
  std::string url;      // postgresql://[user@]host[:port]/database; empty: SQLite in the folder
  double lease = 60;    // seconds without a sign of life after which a worker's trials go to others
  int64_t losses = 10;  // workers that a trial may lose before it counts as failed
  double patience = 600;  // seconds to wait for a database that does not answer
};

void describe(Section& section, StoreConfig& config);

}  // namespace nas
