#pragma once

#include <memory>
#include <string>

#include "nas/core/subprocess.hpp"
#include "nas/store/shared_store.hpp"
#include "tests/support/scratch.hpp"

namespace nas {

/// A PostgreSQL server for tests (tests/postgres/throwaway_postgres.py), gone with the object.
class ThrowawayPostgres {
 public:
  ThrowawayPostgres();
  ~ThrowawayPostgres();

  /// Why there is none; empty where there is.
  const std::string& missing() const { return missing_; }
  const std::string& url() const { return url_; }

 private:
  Scratch folder_;
  Subprocess server_;
  std::string url_;
  std::string missing_;
};

/// That of this test program, started at its first use.
const ThrowawayPostgres& test_postgres();

/// An experiment that no other test has.
SharedExperiment new_experiment();

/// Opens the store of an experiment as one of its workers, with leases of `lease` seconds.
std::unique_ptr<SharedStore> open_as_worker(const SharedExperiment& experiment,
                                            const Choices& choices, double lease);

}  // namespace nas
