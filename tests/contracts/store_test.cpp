#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <limits>

#include "nas/core/error.hpp"
#include "nas/store/trial_store.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt},
                       {"width", IntegerInterval{1, 9}, Condition{0, {1}}},
                       {"rate", RealInterval{0, 1}, std::nullopt}};

Trial trial_of(int64_t number) {
  Trial trial;
  trial.number = number;
  trial.point = Point{{int64_t{1}, int64_t{7}, 0.1}};
  trial.budget = 2.25;
  trial.seed = 11;
  trial.metrics = {{"accuracy", 93.25}, {"loss", 0.1}};
  trial.state = TrialState::complete;
  trial.started = 1.5;
  trial.seconds = 2.5;
  return trial;
}

void check_equal(const Trial& a, const Trial& b) {
  CHECK(a.number == b.number);
  CHECK(a.job == b.job);
  CHECK(a.state == b.state);
  CHECK(a.point == b.point);
  CHECK(a.budget == b.budget);
  CHECK(a.continues == b.continues);
  CHECK(a.cutoffs == b.cutoffs);
  CHECK(a.seed == b.seed);
  CHECK(a.metrics == b.metrics);
  CHECK(a.started == b.started);
  CHECK(a.seconds == b.seconds);
  CHECK(a.failure.has_value() == b.failure.has_value());
}

std::unique_ptr<TrialStore> open_store(const std::string& kind,
                                       const std::filesystem::path& folder) {
  if (kind == "memory") return make_memory_store();
  if (kind == "postgres") {
    auto experiment = new_experiment();
    experiment.folder = folder.string();
    return open_as_worker(experiment, kChoices, 60);
  }
  return open_sqlite_store(folder / "trials.db", kChoices, OpenMode::read_write);
}

/// The kinds of store that there are on this machine.
std::vector<std::string> kinds() {
  if (test_postgres().missing().empty()) return {"memory", "sqlite", "postgres"};
  WARN("PostgreSQL is skipped: " << test_postgres().missing());
  return {"memory", "sqlite"};
}

TEST_CASE("Every store keeps trials as they were given, in the order of their numbers") {
  const Scratch folder;
  const auto store = open_store(GENERATE(from_range(kinds())), folder.path());
  Trial failed = trial_of(1);
  failed.point.reset();
  failed.metrics.clear();
  failed.state = TrialState::failed;
  failed.job = Job::supernet;
  failed.failure = Failure{"nan", "the loss"};
  failed.continues = 0;
  failed.cutoffs = Cutoffs{"loss", Goal::minimize, {{3, 0.1}, {9, -2}}};
  store->add(failed);
  store->add(trial_of(0));
  REQUIRE(store->size() == 2);
  check_equal(store->trials()[0], trial_of(0));
  check_equal(store->trials()[1], failed);
  CHECK(store->trials()[1].failure->reason == "the loss");
  CHECK(store->trials(1).size() == 1);
  Trial changed = trial_of(0);
  changed.state = TrialState::running;
  store->update(changed);
  check_equal(*store->find(0), changed);
  CHECK_FALSE(store->find(5));
}

TEST_CASE("Every store refuses a number twice, an unknown one, and metrics that are not finite") {
  const Scratch folder;
  const auto store = open_store(GENERATE(from_range(kinds())), folder.path());
  store->add(trial_of(0));
  CHECK_THROWS_AS(store->add(trial_of(0)), RunError);
  CHECK_THROWS_AS(store->update(trial_of(3)), RunError);
  Trial bad = trial_of(4);
  bad.metrics["loss"] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(store->add(bad), RunError);
  CHECK(store->size() == 1);
}

TEST_CASE("Every store makes a transaction durable whole or not at all") {
  const Scratch folder;
  const auto store = open_store(GENERATE(from_range(kinds())), folder.path());
  store->put("state", "old");
  CHECK_THROWS_AS(store->transaction([&] {
    store->add(trial_of(0));
    store->put("state", "new");
    throw RunError("in the middle");
  }),
                  RunError);
  CHECK(store->size() == 0);
  CHECK(store->get("state") == "old");
  store->transaction([&] {
    store->add(trial_of(0));
    store->put("state", std::string("new\0zero", 8));
  });
  CHECK(store->size() == 1);
  CHECK(store->get("state") == std::string("new\0zero", 8));
  CHECK_FALSE(store->get("absent"));
}

TEST_CASE("Every store keeps curves, and drops them with their transaction") {
  const Scratch folder;
  const auto store = open_store(GENERATE(from_range(kinds())), folder.path());
  const LearningCurve curve{{1, {{"loss", 0.1}}}, {4, {{"accuracy", 93.25}, {"loss", 1e-9}}}};
  CHECK(store->curve(0).empty());
  store->put_curve(0, curve);
  store->put_curve(7, {});
  CHECK((store->curve(0) == curve));
  CHECK(store->curve(7).empty());
  CHECK_THROWS_AS(store->transaction([&] {
    store->put_curve(0, {});
    throw RunError("in the middle");
  }),
                  RunError);
  CHECK((store->curve(0) == curve));
}

TEST_CASE("A writer killed in the middle of a transaction leaves the last whole state") {
  const Scratch folder;
  const pid_t writer = ::fork();
  if (writer == 0) {
    const auto store = open_store("sqlite", folder.path());
    store->add(trial_of(0));
    store->transaction([&] {
      store->add(trial_of(1));
      ::raise(SIGKILL);
    });
  }
  int status = 0;
  ::waitpid(writer, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  const auto store = open_store("sqlite", folder.path());
  CHECK(store->size() == 1);
  store->add(trial_of(1));
}

TEST_CASE("A store is read while another process writes, and makes no file of its own") {
  const Scratch folder;
  const auto path = folder.path() / "trials.db";
  CHECK_THROWS_AS(open_sqlite_store(path, kChoices, OpenMode::read_only), RunError);
  CHECK_FALSE(std::filesystem::exists(path));
  const auto writer = open_store("sqlite", folder.path());
  writer->add(trial_of(0));
  const auto reader = open_sqlite_store(path, kChoices, OpenMode::read_only);
  CHECK(reader->size() == 1);
  CHECK_THROWS_AS(reader->add(trial_of(1)), RunError);
}

}  // namespace
}  // namespace nas
