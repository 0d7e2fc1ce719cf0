#include "tests/support/postgres.hpp"

#include <poll.h>
#include <unistd.h>

#include <chrono>

namespace nas {

ThrowawayPostgres::ThrowawayPostgres()
    : server_({{"/usr/bin/env", "python3", NAS_SOURCE_DIR "/tests/postgres/throwaway_postgres.py"},
               {},
               folder_ / "errors"}) {
  std::optional<std::string> line;
  bool open = true;
  while (open && !line) {
    pollfd output{server_.output(), POLLIN, 0};
    ::poll(&output, 1, 1000);
    open = server_.read_available();
    line = server_.take_line();
  }
  if (line && line->starts_with("postgresql://")) {
    url_ = *line;
  } else {
    missing_ = line.value_or("PostgreSQL did not start");
  }
}

ThrowawayPostgres::~ThrowawayPostgres() {
  server_.close_input();
  server_.wait_for_end(30);
}

const ThrowawayPostgres& test_postgres() {
  static const ThrowawayPostgres server;
  return server;
}

SharedExperiment new_experiment() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return {"test-" + std::to_string(now), "hash", "/folder", "worker-1"};
}

std::unique_ptr<SharedStore> open_as_worker(const SharedExperiment& experiment,
                                            const Choices& choices, double lease) {
  StoreConfig config;
  config.url = test_postgres().url();
  config.lease = lease;
  return open_postgres_store(config, experiment, choices, OpenMode::read_write);
}

}  // namespace nas
