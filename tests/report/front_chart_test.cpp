#include "nas/report/front_chart.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("A front's members are told from the rest, and all have a tooltip") {
  const Objectives objectives{{"gain", Goal::maximize}, {"price", Goal::minimize}};
  std::vector<Trial> trials;
  for (const auto& [gain, price] : {std::pair{1.0, 9.0}, {3.0, 5.0}, {2.0, 2e-6}}) {
    Trial trial;
    trial.number = static_cast<int64_t>(trials.size());
    trial.state = TrialState::complete;
    trial.point = Point{};
    trial.metrics = {{"gain", gain}, {"price", price}};
    trials.push_back(trial);
  }
  const std::vector<std::string> texts{"a", "b<c", "d"};
  const std::string chart = draw_front_chart(trials, texts, objectives);
  CHECK_THAT(chart, ContainsSubstring("class=\"rest\"><title>trial 0: 1, 9\na</title>"));
  CHECK_THAT(chart, ContainsSubstring("class=\"front\"><title>trial 1: 3, 5\nb&lt;c</title>"));
  CHECK_THAT(chart, ContainsSubstring("class=\"front\"><title>trial 2"));
  CHECK_THAT(chart, ContainsSubstring("2 trials on the front; hypervolume"));
}

TEST_CASE("Without a trial that has all objectives there is no chart") {
  const Objectives objectives{{"gain", Goal::maximize}, {"price", Goal::minimize}};
  CHECK_THAT(draw_front_chart({}, {}, objectives), ContainsSubstring("No trial"));
}

}  // namespace
}  // namespace nas
