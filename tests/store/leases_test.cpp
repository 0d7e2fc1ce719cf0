#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "nas/core/error.hpp"
#include "nas/store/postgres.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres.hpp"

namespace nas {
namespace {

const Choices kChoices{{"op", Categorical{{"a", "b"}}, std::nullopt}};
constexpr double kShort = 1;  // seconds of a lease
constexpr double kLong = 60;

bool skipped() {
  if (test_postgres().missing().empty()) return false;
  WARN("skipped: " << test_postgres().missing());
  return true;
}

void sleep_seconds(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

void add_waiting(TrialStore& store, int64_t count) {
  store.transaction([&] {
    for (int64_t i = 0; i < count; ++i) {
      Trial trial;
      trial.number = i;
      trial.point = Point{{int64_t{1}}};
      store.add(trial);
    }
  });
}

Trial scored(Trial trial, double loss) {
  trial.state = TrialState::complete;
  trial.metrics = {{"loss", loss}};
  return trial;
}

Lease lease_of(const Trial& trial) { return {trial.number, trial.attempt}; }

/// Two workers of an experiment with one waiting trial, which the first one has let go.
struct Takeover {
  SharedExperiment experiment = new_experiment();
  std::unique_ptr<SharedStore> first = open_as_worker(experiment, kChoices, kShort);
  std::unique_ptr<SharedStore> second = open_as_worker(experiment, kChoices, kShort);
  Trial late, now;

  Takeover() {
    add_waiting(*first, 1);
    late = first->claim().value();
    REQUIRE_FALSE(second->claim());
    sleep_seconds(2.5 * kShort);
    now = second->claim().value();
  }
};

TEST_CASE("Each waiting trial is handed out once, in the order of their numbers") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  const auto first = open_as_worker(experiment, kChoices, kLong);
  const auto second = open_as_worker(experiment, kChoices, kLong);
  add_waiting(*first, 3);
  for (int64_t number = 0; number < 3; ++number) {
    const auto trial = (number % 2 == 0 ? *first : *second).claim();
    REQUIRE(trial);
    CHECK(trial->number == number);
    CHECK(trial->attempt == 1);
    CHECK(trial->state == TrialState::running);
    CHECK(trial->started > 1e9);
  }
  CHECK_FALSE(first->claim());
  CHECK(second->busy());
  CHECK(first->finish(scored(first->find(0).value(), 0.5), {{1, {{"loss", 0.75}}}}));
  CHECK(second->find(0)->metrics.at("loss") == 0.5);
  CHECK(second->curve(0).size() == 1);
  CHECK(second->standing(0).ended);
  CHECK_FALSE(second->standing(1).ended);
  CHECK(second->standing(1).any_open);
}

TEST_CASE("No trial is handed out twice, however many claim at once") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  constexpr int64_t kTrials = 400;
  add_waiting(*open_as_worker(experiment, kChoices, kLong), kTrials);
  std::vector<std::vector<int64_t>> claimed(6);
  std::vector<std::thread> workers;
  for (auto& own : claimed) {
    workers.emplace_back([&] {
      const auto store = open_as_worker(experiment, kChoices, kLong);
      while (const auto trial = store->claim()) own.push_back(trial->number);
    });
  }
  for (auto& worker : workers) worker.join();
  std::vector<int64_t> all;
  for (const auto& own : claimed) all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  REQUIRE(all.size() == kTrials);
  CHECK(std::unique(all.begin(), all.end()) == all.end());
}

TEST_CASE("A lease that ran out goes to the next worker, and the first one can write nothing") {
  if (skipped()) return;
  Takeover over;
  CHECK(over.now.attempt == over.late.attempt + 1);
  CHECK(over.first->renew(std::vector{lease_of(over.late)}).empty());
  CHECK_FALSE(over.first->finish(scored(over.late, 1), {{1, {{"loss", 9}}}}));
  CHECK_FALSE(over.first->give_back(over.late));
  CHECK(over.first->find(0)->state == TrialState::running);
  CHECK(over.first->curve(0).empty());
  CHECK(over.second->renew(std::vector{lease_of(over.now)}) == std::vector{lease_of(over.now)});
  CHECK(over.second->finish(scored(over.now, 2), {}));
  CHECK_FALSE(over.first->finish(scored(over.late, 1), {}));
  CHECK(over.first->find(0)->metrics.at("loss") == 2);
}

/// That the check above can fail at all: it is the token that keeps the late result out.
TEST_CASE("With the token of a takeover undone by hand, the late result gets in") {
  if (skipped()) return;
  Takeover over;
  PostgresConnection database(test_postgres().url());
  database.run(PostgresQuery("UPDATE nas_trials SET attempt = $1 WHERE experiment = "
                             "(SELECT id FROM nas_experiments WHERE name = $2)")
                   .bind(over.late.attempt)
                   .bind(over.experiment.name));
  CHECK(over.first->finish(scored(over.late, 1), {}));
  CHECK(over.second->find(0)->metrics.at("loss") == 1);
}

TEST_CASE("A lease that is renewed does not run out") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  const auto first = open_as_worker(experiment, kChoices, kShort);
  const auto second = open_as_worker(experiment, kChoices, kShort);
  add_waiting(*first, 1);
  const Trial trial = first->claim().value();
  for (int i = 0; i < 8; ++i) {
    sleep_seconds(0.25 * kShort);
    REQUIRE(first->renew(std::vector{lease_of(trial)}).size() == 1);
    REQUIRE_FALSE(second->claim());
  }
}

TEST_CASE("A result may be written twice, but no other one in its place") {
  if (skipped()) return;
  const auto store = open_as_worker(new_experiment(), kChoices, kLong);
  add_waiting(*store, 1);
  const Trial trial = store->claim().value();
  CHECK(store->finish(scored(trial, 1), {}));
  CHECK(store->finish(scored(trial, 1), {}));
  CHECK_FALSE(store->finish(scored(trial, 2), {}));
  CHECK(store->find(0)->metrics.at("loss") == 1);
}

TEST_CASE("A trial that was given back goes on at once, and keeps its time") {
  if (skipped()) return;
  const auto store = open_as_worker(new_experiment(), kChoices, kLong);
  add_waiting(*store, 1);
  for (int64_t attempt = 1; attempt <= 20; ++attempt) {
    Trial trial = store->claim().value();
    CHECK(trial.attempt == attempt);
    trial.seconds += 2;
    CHECK(store->give_back(trial));
    CHECK_FALSE(store->give_back(trial));
  }
  CHECK(store->find(0)->seconds == 40);
}

TEST_CASE("A trial that loses one worker after the other fails in the end") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  StoreConfig config;
  config.url = test_postgres().url();
  config.lease = 0.05;
  config.losses = 3;
  const auto store = open_postgres_store(config, experiment, kChoices, OpenMode::read_write);
  add_waiting(*store, 1);
  for (int64_t attempt = 1; attempt <= 3; ++attempt) {
    CHECK(store->claim().value().attempt == attempt);
    sleep_seconds(0.1);
  }
  CHECK_FALSE(store->claim());
  const Trial trial = store->find(0).value();
  CHECK(trial.state == TrialState::failed);
  REQUIRE(trial.failure);
  CHECK(trial.failure->kind == "lost");
  CHECK(store->standing(0).ended);
}

TEST_CASE("One worker at a time changes the searcher, and one leads") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  auto first = open_as_worker(experiment, kChoices, kLong);
  const auto second = open_as_worker(experiment, kChoices, kLong);
  CHECK(first->try_transaction(
      [&] { CHECK_FALSE(second->try_transaction([&] { FAIL("both are in it"); })); }));
  CHECK(second->try_transaction([&] { second->put("key", "bytes"); }));
  CHECK(first->get("key") == "bytes");
  CHECK_FALSE(first->busy());
  CHECK(first->lead());
  CHECK(first->lead());
  CHECK_FALSE(second->lead());
  CHECK(second->busy());
  first.reset();
  for (int i = 0; i < 100 && !second->lead(); ++i) sleep_seconds(0.05);
  CHECK(second->lead());
}

TEST_CASE("Time counts while somebody is at work, not the pauses between") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  const auto store = open_as_worker(experiment, kChoices, 0.2);
  CHECK(store->note_time() == 0);
  sleep_seconds(0.1);
  const double worked = store->note_time();
  CHECK(worked >= 0.1);
  sleep_seconds(1);
  const double later = store->note_time();
  CHECK(later == Approx(worked + 0.2));
  CHECK(std::stod(store->get("elapsed").value()) == later);
}

TEST_CASE("An experiment is refused under another configuration or in another folder") {
  if (skipped()) return;
  auto experiment = new_experiment();
  StoreConfig config;
  config.url = test_postgres().url();
  const auto open = [&](OpenMode mode) {
    return open_postgres_store(config, experiment, kChoices, mode);
  };
  CHECK_THROWS_AS(open(OpenMode::read_only), UsageError);
  open(OpenMode::read_write)->put("key", "bytes");
  CHECK(open(OpenMode::read_only)->get("key") == "bytes");
  CHECK_THROWS_AS(open(OpenMode::read_only)->put("key", "other"), RunError);
  experiment.folder = "/elsewhere";
  CHECK_THROWS_WITH(open(OpenMode::read_write), ContainsSubstring("/folder"));
  experiment.configuration = "another";
  CHECK_THROWS_WITH(open(OpenMode::read_write), ContainsSubstring("experiment.name"));
}

TEST_CASE("Texts that PostgreSQL has no place for are mended, not refused") {
  if (skipped()) return;
  const auto store = open_as_worker(new_experiment(), kChoices, kLong);
  add_waiting(*store, 1);
  Trial trial = store->claim().value();
  trial.state = TrialState::failed;
  trial.failure = Failure{"crash", std::string("cut \xC3 off\0here", 13)};
  CHECK(store->finish(trial, {}));
  CHECK(store->find(0)->failure->reason == "cut \xEF\xBF\xBD off her");
}

TEST_CASE("Whoever dies in the middle of a transaction leaves nothing of it, nor its lock") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  const auto store = open_as_worker(experiment, kChoices, kLong);
  const pid_t writer = ::fork();
  if (writer == 0) {
    const auto own = open_as_worker(experiment, kChoices, kLong);
    own->transaction([&] {
      own->put("key", "bytes");
      ::raise(SIGKILL);
    });
  }
  int status = 0;
  ::waitpid(writer, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  store->transaction([] {});
  CHECK_FALSE(store->get("key"));
}

TEST_CASE("Whoever pauses in the middle of a transaction does not hold up the others for good") {
  if (skipped()) return;
  const auto experiment = new_experiment();
  const auto paused = open_as_worker(experiment, kChoices, kShort);
  const auto other = open_as_worker(experiment, kChoices, kShort);
  CHECK_THROWS_AS(paused->transaction([&] {
    paused->put("key", "late");
    other->transaction([&] { other->put("key", "bytes"); });  // waits for the server to end ours
  }),
                  StoreUnavailable);
  CHECK(paused->get("key") == "bytes");
}

TEST_CASE("No password of an address reaches a message") {
  const auto place =
      postgres_place("postgresql://me:s3cret@db.example:5433/nas?sslpassword=s3cret");
  REQUIRE(place);
  CHECK(place->holds_password);
  CHECK(place->name == "postgresql://db.example:5433/nas");
  CHECK_FALSE(postgres_place("postgresql://me@db.example/nas")->holds_password);
  CHECK_FALSE(postgres_place("postgresql://me:s3cret@[::1/nas"));
  CHECK_FALSE(postgres_place("host=db password=s3cret"));
  try {
    PostgresConnection("postgresql://me:s3cret@127.0.0.1:1/nas");
    FAIL("nothing listens there");
  } catch (const RunError& error) {
    CHECK(std::string(error.what()).find("s3cret") == std::string::npos);
  }
}

}  // namespace
}  // namespace nas
