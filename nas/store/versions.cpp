#include "nas/store/versions.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include "nas/store/postgres.hpp"

namespace nas {

std::string sqlite_version() { return sqlite3_libversion(); }

std::string postgres_client_version() {
  const int version = PQlibVersion();  // 150014 is 15.14
  return fmt::format("{}.{}", version / 10000, version % 10000);
}

std::string postgres_server_version(const std::string& url) {
  PostgresConnection connection(url);
  return connection.run(PostgresQuery("SELECT 'PostgreSQL ' || current_setting('server_version')"))
      .text(0, 0);
}

}  // namespace nas
