#include "controllers/once_for_all.hpp"

#include <set>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/search/sampling.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::PlainSpace;

Choices ten_choices() {
  Choices choices;
  for (int i = 0; i < 10; ++i) {
    choices.push_back({"c" + std::to_string(i), Categorical{{"a", "b", "c", "d"}}, std::nullopt});
  }
  return choices;
}

double sum_of(const Point& point) {
  double sum = 0;
  for (const Value& value : point.values) sum += static_cast<double>(std::get<int64_t>(value));
  return sum;
}

OnceForAllOptions read(const std::string& yaml) {
  OnceForAllOptions options;
  read_config_text(yaml, "test", {}, [&](Section& section) { describe(section, options); });
  return options;
}

TEST_CASE("Elite evolution proposes no point twice and fills a generation before the next") {
  const Choices choices = ten_choices();
  EliteEvolution evolution({20, 5, 0.1, 0.5}, choices);
  std::set<Point> seen;
  for (int generation = 0; generation < 5; ++generation) {
    std::vector<Point> asked;
    for (uint64_t i = 0;; ++i) {
      RandomStream random(1, "test", 100 * static_cast<uint64_t>(generation) + i);
      const auto point = evolution.ask(random);
      if (!point) break;
      CHECK(seen.insert(*point).second);
      asked.push_back(*point);
    }
    REQUIRE(asked.size() == 20);
    for (const Point& point : asked) evolution.tell(point, sum_of(point));
  }
}

TEST_CASE("Elite evolution asks for another point in place of one that fails") {
  const Choices choices = ten_choices();
  EliteEvolution evolution({4, 2, 0.1, 0.5}, choices);
  RandomStream random(1, "test");
  std::vector<Point> asked;
  for (int i = 0; i < 4; ++i) asked.push_back(*evolution.ask(random));
  CHECK_FALSE(evolution.ask(random));
  evolution.tell(asked[0], std::nullopt);
  const auto other = evolution.ask(random);
  REQUIRE(other);
  CHECK_FALSE(evolution.ask(random));
  for (const Point& point : {asked[1], asked[2], asked[3], *other}) evolution.tell(point, 1);
  CHECK(evolution.ask(random));
}

TEST_CASE("Elite evolution comes nearer to the best point than chance does") {
  const Choices choices = ten_choices();
  double best = 0;
  double best_of_chance = 0;
  EliteEvolution evolution({30, 8, 0.1, 0.5}, choices);
  for (uint64_t i = 0; i < 600; ++i) {
    RandomStream random(5, "test", i);
    const auto point = evolution.ask(random);
    REQUIRE(point);
    best = std::max(best, sum_of(*point));
    evolution.tell(*point, sum_of(*point));
    RandomStream again(5, "chance", i);
    best_of_chance = std::max(best_of_chance, sum_of(sample(choices, again)));
  }
  CHECK(best >= 29);  // of 30
  CHECK(best_of_chance <= 27);
}

TEST_CASE("Once-for-all waits for the shared network, and stops where its training failed") {
  const PlainSpace space(ten_choices());
  const Objectives objectives{Objective{}};
  for (const bool failed : {false, true}) {
    const auto search = testing::make_controller("type: once_for_all", {space, objectives, 7});
    CHECK(search->ask(0)->job == Job::supernet);
    CHECK_FALSE(search->ask(1));
    Trial trial;
    trial.job = Job::supernet;
    trial.state = failed ? TrialState::failed : TrialState::complete;
    search->tell(trial);
    const auto proposal = search->ask(1);
    CHECK(proposal.has_value() != failed);
    if (proposal) CHECK(proposal->job == Job::evaluate);
  }
}

TEST_CASE("Once-for-all's phases are the published ones unless they are given") {
  const OnceForAllOptions published = read("{}");
  REQUIRE(published.phases.size() == 5);
  CHECK(published.phases[3].open.front().pattern == "*expansion");
  CHECK(published.phases[3].open.front().options == 2);
  CHECK(published.optimizer.weight_decay == 3e-5);
  const auto own = read("{phases: [{epochs: 3, open: {'*': all, width: 2}}, {epochs: 1}]}");
  REQUIRE(own.phases.size() == 2);
  REQUIRE(own.phases[0].open.size() == 2);
  CHECK(own.phases[0].open[0].options == 0);
  CHECK(own.phases[0].open[1].options == 2);
  CHECK(own.phases[1].open.empty());
  CHECK_THROWS_WITH(read("{phases: [{open: {a: some}}]}"), ContainsSubstring("'some'"));
  CHECK_THROWS_WITH(read("{phases: [{epochs: 2, warmup_epochs: 3}]}"),
                    ContainsSubstring("longer than 2"));
}

}  // namespace
}  // namespace nas
