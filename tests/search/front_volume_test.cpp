#include "nas/search/front_volume.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

Trial scored(int64_t number, double gain, double price) {
  Trial trial;
  trial.number = number;
  trial.state = TrialState::complete;
  trial.point = Point{};
  trial.metrics = {{"gain", gain}, {"price", price}};
  return trial;
}

TEST_CASE("The volume of a front is measured from the worst value of each objective") {
  const Objectives objectives{{"gain", Goal::maximize}, {"price", Goal::minimize}};
  // Worst: gain 1, price 9. Boxes (3 - 1) * (9 - 5) and (2 - 1) * (9 - 2) share 1 * 4.
  std::vector<Trial> trials{scored(0, 1, 9), scored(1, 3, 5), scored(2, 2, 2)};
  CHECK(front_volume(trials, objectives) == 2.0 * 4 + 1.0 * 7 - 1.0 * 4);
  trials.push_back(scored(3, 100, 1));
  trials.back().state = TrialState::failed;
  CHECK(front_volume(trials, objectives) == 11.0);
}

TEST_CASE("There is no volume with one objective or without a score") {
  const std::vector<Trial> trials{scored(0, 1, 9)};
  CHECK_FALSE(front_volume(trials, {{"gain", Goal::maximize}}));
  CHECK_FALSE(front_volume({}, {{"gain", Goal::maximize}, {"price", Goal::minimize}}));
}

}  // namespace
}  // namespace nas
