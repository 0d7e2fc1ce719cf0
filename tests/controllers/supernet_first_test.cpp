#include "controllers/supernet_first.hpp"

#include "nas/core/error.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const Objectives kObjectives{Objective{}};

Choices choices() {
  return {{"op", Categorical{{"a", "b", "c", "d"}}, std::nullopt},
          {"width", IntegerInterval{1, 64}, std::nullopt}};
}

std::unique_ptr<Controller> evolution(const Space& space) {
  return testing::make_controller("type: regularized_evolution, population: 4, sample: 2",
                                  {space, kObjectives, 5});
}

Trial supernet(TrialState state) {
  Trial trial;
  trial.job = Job::supernet;
  trial.state = state;
  trial.metrics["supernet_train_loss"] = 1;
  return trial;
}

Trial scored(int64_t number, const Point& point) {
  Trial trial;
  trial.number = number;
  trial.point = point;
  trial.state = TrialState::complete;
  trial.metrics["validation_accuracy"] = static_cast<double>(std::get<int64_t>(point.values[1]));
  return trial;
}

TEST_CASE("A search over shared weights trains them first, and nothing goes on before") {
  const testing::PlainSpace space(choices());
  const auto search = make_supernet_first(evolution(space));
  CHECK(search->ask(0)->job == Job::supernet);
  CHECK_FALSE(search->ask(1));
  search->tell(supernet(TrialState::complete));
  CHECK(search->ask(1)->job == Job::evaluate);
}

TEST_CASE("The inner search proposes what it would without the supernet, also after a reload") {
  const testing::PlainSpace space(choices());
  const auto alone = evolution(space);
  auto search = make_supernet_first(evolution(space));
  search->tell(supernet(TrialState::complete));
  for (int64_t n = 0; n < 40; ++n) {
    if (n % 7 == 3) {
      const std::string bytes = search->save();
      search = make_supernet_first(evolution(space));
      search->load(bytes);
    }
    const Point point = *alone->ask(n)->point;
    CHECK(search->ask(n + 1)->point == point);
    alone->tell(scored(n, point));
    search->tell(scored(n + 1, point));
  }
}

TEST_CASE("Where the supernet failed the search ends, and a reload remembers it") {
  const testing::PlainSpace space(choices());
  const auto search = make_supernet_first(evolution(space));
  Trial failed = supernet(TrialState::failed);
  failed.failure = Failure{"nan", ""};
  search->tell(failed);
  CHECK_FALSE(search->ask(1));
  const auto again = make_supernet_first(evolution(space));
  again->load(search->save());
  CHECK_FALSE(again->ask(1));
  CHECK_THROWS_AS(again->load("x"), InputError);
  CHECK_THROWS_AS(again->load(""), InputError);
}

}  // namespace
}  // namespace nas
