#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};
constexpr int kWorkers = 16;
constexpr int64_t kTrials = 98'000;
constexpr int64_t kLetGo = 40;  // one hand-out in so many is neither finished nor given back
constexpr double kLease = 5;    // seconds

/// Claims until nothing is left. A line for each hand-out: number, attempt, and whether its result
/// was taken.
void work(const SharedExperiment& experiment, const std::filesystem::path& log) {
  std::ofstream lines(log);
  const auto store = open_as_worker(experiment, kChoices, kLease);
  int64_t claims = 0;
  while (store->standing(0).any_open) {
    auto trial = store->claim();
    if (!trial) {
      ::usleep(100'000);
      continue;
    }
    bool taken = false;
    if (++claims % kLetGo != 0) {
      trial->state = TrialState::complete;
      trial->metrics = {{"loss", 0.5}};
      taken = store->finish(*trial, {});
    }
    lines << trial->number << ' ' << trial->attempt << ' ' << taken << '\n';
  }
}

std::vector<pid_t> start_workers(const SharedExperiment& experiment,
                                 const std::filesystem::path& folder) {
  std::vector<pid_t> workers;
  for (int i = 0; i < kWorkers; ++i) {
    const pid_t worker = ::fork();
    if (worker == 0) {
      int status = 0;
      try {
        work(experiment, folder / std::to_string(i));
      } catch (const std::exception&) {
        status = 1;
      }
      ::_exit(status);
    }
    workers.push_back(worker);
  }
  return workers;
}

// Minutes: asked for by its tag.
TEST_CASE("No lease is handed out twice, over 100,000 hand-outs to 16 processes", "[.leases]") {
  REQUIRE(test_postgres().missing().empty());
  const Scratch folder;
  const auto experiment = new_experiment();
  {
    const auto store = open_as_worker(experiment, kChoices, kLease);
    store->transaction([&] {
      for (int64_t i = 0; i < kTrials; ++i) {
        Trial trial;
        trial.number = i;
        trial.point = Point{{int64_t{1}}};
        store->add(trial);
      }
    });
  }
  const auto start = std::chrono::steady_clock::now();
  for (const pid_t worker : start_workers(experiment, folder.path())) {
    int status = 0;
    ::waitpid(worker, &status, 0);
    CHECK(status == 0);
  }
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  std::set<std::pair<int64_t, int64_t>> leases;
  std::map<int64_t, int64_t> results;
  int64_t handed_out = 0;
  for (int i = 0; i < kWorkers; ++i) {
    std::ifstream lines(folder / std::to_string(i));
    for (int64_t number = 0, attempt = 0, taken = 0; lines >> number >> attempt >> taken;) {
      ++handed_out;
      leases.emplace(number, attempt);
      results[number] += taken;
    }
  }
  CHECK(handed_out >= 100'000);
  CHECK(static_cast<int64_t>(leases.size()) == handed_out);
  CHECK(static_cast<int64_t>(results.size()) == kTrials);
  int64_t ended_once = 0;
  for (const auto& [number, times] : results) ended_once += times == 1 ? 1 : 0;
  CHECK(ended_once == kTrials);
  WARN(handed_out << " hand-outs in " << spent.count() << " s, "
                  << static_cast<double>(handed_out) / spent.count() << " a second");
}

}  // namespace
}  // namespace nas
