#include "nas/store/store_config.hpp"

#include "nas/config/section.hpp"
#include "nas/store/postgres.hpp"

namespace nas {

/// What is wrong with the address is not quoted: it may hold a password.
void describe(Section& section, StoreConfig& config) {
  section.text("url", config.url,
               "postgresql://[user@]host[:port]/database; passwords come from PGPASSWORD or "
               "~/.pgpass. Empty: SQLite in the run's folder");
  if (!config.url.empty()) {
    const auto place = postgres_place(config.url);
    if (!place) {
      section.mistake("url",
                      "is no address of PostgreSQL, expected postgresql://[user@]host/database");
    } else if (place->holds_password) {
      section.mistake("url",
                      "holds a password, which would be copied into the run's folder; give it in "
                      "the environment variable PGPASSWORD or in ~/.pgpass");
    }
  }
  section.duration(
      "lease", config.lease, {1, 86400, ""},
      "a worker without a sign of life for that long loses its trials to others; a proposal "
      "must not take longer");
  section.integer("losses", config.losses, {1, 1000, "workers"},
                  "that a trial may lose before it counts as failed");
  section.duration("patience", config.patience, {0, 1e6, ""},
                   "how long workers wait for a database that does not answer");
}

}  // namespace nas
