#pragma once

#include <string>

namespace nas {

/// Versions of the libraries that this program runs with: "3.40.1", "15.14".
std::string sqlite_version();
std::string postgres_client_version();

/// The version of the server at `url`: "PostgreSQL 15.14 ...". Throws as PostgresConnection does.
std::string postgres_server_version(const std::string& url);

}  // namespace nas
