#include "controllers/spos.hpp"

#include <algorithm>
#include <set>

#include "controllers/crossover.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Eight choices of three options; the score is the number of choices with the last one.
Choices eight() {
  Choices choices;
  for (int i = 0; i < 8; ++i) {
    choices.push_back({"c" + std::to_string(i), Categorical{{"a", "b", "c"}}, std::nullopt});
  }
  return choices;
}

double last_options(const Point& point) {
  double count = 0;
  for (const Value& value : point.values) count += std::get<int64_t>(value) == 2 ? 1 : 0;
  return count;
}

Trial told(int64_t number, const Point& point) {
  Trial trial;
  trial.number = number;
  trial.point = point;
  trial.state = TrialState::complete;
  trial.metrics["validation_accuracy"] = last_options(point);
  return trial;
}

TEST_CASE("SPOS proposes a generation only when all of the one before was told") {
  const testing::PlainSpace space(eight());
  const Objectives objectives{Objective{}};
  const auto spos = make_spos({6, 2, 3, 3, 0.1}, {space, objectives, 1});
  std::vector<Point> points;
  for (int64_t n = 0; n < 6; ++n) points.push_back(*spos->ask(n)->point);
  CHECK_FALSE(spos->ask(6));
  for (int64_t n = 0; n < 5; ++n) spos->tell(told(n, points[static_cast<size_t>(n)]));
  CHECK_FALSE(spos->ask(6));
  spos->tell(told(5, points[5]));
  CHECK(spos->ask(6));
}

TEST_CASE("Each choice of a crossover is a parent's, each parent a best point so far") {
  const testing::PlainSpace space(eight());
  const Objectives objectives{Objective{}};
  const auto spos = make_spos({20, 2, 20, 0, 0.1}, {space, objectives, 3});
  std::vector<Point> points;
  for (int64_t n = 0; n < 20; ++n) {
    points.push_back(*spos->ask(n)->point);
  }
  for (int64_t n = 0; n < 20; ++n) spos->tell(told(n, points[static_cast<size_t>(n)]));
  std::stable_sort(points.begin(), points.end(), [](const Point& a, const Point& b) {
    return last_options(a) > last_options(b);
  });
  int children = 0;
  for (int64_t n = 20; n < 25; ++n) {
    const Point child = *spos->ask(n)->point;
    bool of_parents = true;
    for (size_t i = 0; i < child.values.size(); ++i) {
      of_parents = of_parents && (child.values[i] == points[0].values[i] ||
                                  child.values[i] == points[1].values[i]);
    }
    children += of_parents ? 1 : 0;
  }
  CHECK(children == 5);
}

TEST_CASE("SPOS comes closer to the best point than as many random ones") {
  const testing::PlainSpace space(eight());
  const Objectives objectives{Objective{}};
  double evolved = 0;
  double drawn = 0;
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const auto best_of = [&](const std::string& controller) {
      const auto made = testing::make_controller(controller, {space, objectives, seed});
      double best = 0;
      for (const Trial& trial : testing::search(*made, 200, 4, [](const Point& point) {
             return Metrics{{"validation_accuracy", last_options(point)}};
           })) {
        best = std::max(best, trial.metrics.at("validation_accuracy"));
      }
      return best / 10;  // a share of the mean
    };
    evolved += best_of("type: spos, population: 20, parents: 5, crossovers: 10, mutations: 10");
    drawn += best_of("type: random");
  }
  CHECK(evolved >= 7.5);  // of 8
  CHECK(drawn < 7);
}

TEST_CASE("A crossover takes a choice from the parent that has it active") {
  const Choices choices{{"op", Categorical{{"a", "b"}}, std::nullopt},
                        {"width", IntegerInterval{1, 9}, Condition{0, {1}}}};
  const Point without{{int64_t{0}, std::monostate{}}};
  const Point with{{int64_t{1}, int64_t{7}}};
  int asked = 0;
  const auto second_then_first = [&] { return asked++ == 1; };
  CHECK(crossed(choices, without, with, second_then_first) == with);
  asked = 1;
  CHECK(crossed(choices, without, with, second_then_first) == without);
}

}  // namespace
}  // namespace nas
