#include "nas/store/postgres_migrations.hpp"

#include <thread>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"

namespace nas {
namespace {

bool skipped() {
  if (test_postgres().missing().empty()) return false;
  WARN("skipped: " << test_postgres().missing());
  return true;
}

/// The address of an empty database.
std::string new_database(const std::string& name) {
  PostgresConnection(test_postgres().url()).execute(("CREATE DATABASE " + name).c_str());
  const std::string& url = test_postgres().url();
  return url.substr(0, url.rfind('/') + 1) + name;
}

StoreConfig at(const std::string& url) {
  StoreConfig config;
  config.url = url;
  return config;
}

TEST_CASE("Of workers that come to an empty PostgreSQL at once each finds its tables") {
  if (skipped()) return;
  const auto config = at(new_database("at_once"));
  const auto experiment = new_experiment();
  std::vector<std::string> problems(8);
  std::vector<std::thread> workers;
  for (auto& problem : problems) {
    workers.emplace_back([&] {
      try {
        open_postgres_store(config, experiment, {}, OpenMode::read_write)->put("key", "bytes");
      } catch (const Error& error) {
        problem = error.what();
      }
    });
  }
  for (auto& worker : workers) worker.join();
  for (const auto& problem : problems) CHECK(problem.empty());
  PostgresConnection connection(config.url);
  CHECK(postgres_schema(connection) == kPostgresSchemaVersion);
}

TEST_CASE("A PostgreSQL of a newer version is refused and left alone") {
  if (skipped()) return;
  const auto config = at(new_database("newer"));
  const auto experiment = new_experiment();
  open_postgres_store(config, experiment, {}, OpenMode::read_write);
  PostgresConnection(config.url).execute("UPDATE nas_schema SET version = 99");
  for (const auto mode : {OpenMode::read_only, OpenMode::read_write}) {
    CHECK_THROWS_WITH(open_postgres_store(config, experiment, {}, mode),
                      ContainsSubstring("newer nas"));
  }
}

}  // namespace
}  // namespace nas
