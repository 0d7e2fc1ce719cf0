#include <vector>

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/enas_macro.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> small(int64_t layers, int64_t channels) {
  EnasMacroOptions options;
  options.layers = layers;
  options.channels = channels;
  return make_enas_macro(options, {{3, 32, 32}, 10});
}

int64_t parameters_of(const Space& space, const std::string& text) {
  return cost(*space.network(space.parse(text)), space.task().input).parameters;
}

/// A network of one operation, taking in all earlier layers or none.
std::string uniform_text(int64_t layers, int operation, int skip) {
  std::string text;
  for (int64_t layer = 0; layer < layers; ++layer) {
    text += (layer == 0 ? "" : " ") + std::to_string(operation);
    for (int64_t from = 0; from < layer; ++from) text += " " + std::to_string(skip);
  }
  return text;
}

/// Weights of an operation at c channels, batch norms with scale and shift where `affine` is 1.
int64_t operation_parameters(int operation, int64_t c, int64_t affine) {
  const int64_t norm = 2 * c * affine;
  const int64_t first = c * c + norm;
  const std::vector<int64_t> second{
      9 * c * c + norm, 9 * c + c * c + norm, 25 * c * c + norm, 25 * c + c * c + norm, 0, 0};
  return first + second[static_cast<size_t>(operation)];
}

/// Of such a network of 12 layers with c channels in its first four.
int64_t expected_parameters(int operation, int64_t skip, int64_t c) {
  int64_t sum = 27 * c + 2 * c;
  for (int64_t layer = 0; layer < 12; ++layer) {
    const int64_t wide = c << (layer / 4);
    sum += operation_parameters(operation, wide, 1);
    if (layer > 0) sum += (1 + skip * layer) * wide * wide + 2 * wide;
  }
  // All earlier outputs are reduced, or the one that goes on.
  const int64_t first = skip == 1 ? 5 : 1;
  const int64_t second = skip == 1 ? 9 : 1;
  sum += first * (c * 2 * c + 2 * 2 * c) + second * (2 * c * 4 * c + 2 * 4 * c);
  return sum + 4 * c * 10;
}

TEST_CASE("An ENAS network reads and prints in the published notation") {
  const auto space = small(4, 4);
  CHECK(space->choices().size() == 4 + 6);
  CHECK(count(space->choices()) == 6 * 6 * 6 * 6 * 64);
  CHECK(space->text(space->parse("0 3 0 0 1 0 2 0 0 1")) == "0 3 0 0 1 0 2 0 0 1");
  CHECK(space->parse("0  3 0  0 1 0  2 0 0 1") == space->parse("0 3 0 0 1 0 2 0 0 1"));
  CHECK_THROWS_WITH(space->parse("0 6 0 0 1 0 2 0 0 1"),
                    ContainsSubstring("at character 3") && ContainsSubstring("0 to 5 for layer_1"));
  CHECK_THROWS_WITH(space->parse("0 3 2 0 1 0 2 0 0 1"), ContainsSubstring("0 to 1 for skip_1_0"));
  CHECK_THROWS_WITH(space->parse("0 3 0 0 1 0 2 0 0"), ContainsSubstring("found 'the end'"));
  CHECK_THROWS_AS(space->parse("0 3 0 0 1 0 2 0 0 1 1"), InputError);
}

TEST_CASE("The published ENAS network of 24 layers builds") {
  const char* arc =
      "0 3 0 0 1 0 2 0 0 1 2 0 0 0 0 3 1 1 0 1 0 2 0 0 0 0 0 1 2 0 1 1 0 1 1 1 1 0 1 1 1 0 1 0 1 "
      "0 0 0 0 0 0 0 0 0 0 2 0 0 0 0 0 1 0 0 0 0 0 1 0 0 1 1 0 0 0 0 1 1 2 0 1 0 0 0 0 0 1 0 1 1 "
      "0 1 0 0 1 0 0 0 1 1 1 0 1 0 1 0 1 1 0 1 0 1 0 0 0 0 0 1 0 0 2 0 0 1 0 0 0 0 0 0 0 1 0 1 0 "
      "1 2 0 1 0 0 0 1 0 0 1 1 1 1 0 0 1 0 2 0 0 0 0 1 0 1 0 1 0 0 1 0 1 0 0 1 3 0 1 1 0 1 0 0 0 "
      "0 0 1 0 1 0 1 0 0 0 3 0 1 1 0 0 0 0 0 0 0 0 0 1 1 0 0 0 0 1 0 1 0 0 1 0 1 1 0 0 0 1 0 0 0 "
      "0 0 1 1 0 0 3 0 1 0 1 1 0 0 1 0 1 1 0 1 1 0 1 0 0 1 0 0 0 1 0 1 0 1 0 0 0 0 0 0 0 0 1 0 1 "
      "0 0 1 0 0 0 0 1 1 0 0 0 1 1 1 0 1 0 0 0 1 0 1 0 0 1 1 0 0 0";
  const auto space = small(24, 96);
  const Point point = space->parse(arc);
  CHECK(space->text(point) == arc);
  const NetworkPlan plan = *space->network(point);
  const auto shape = shapes(plan, space->task().input);
  CHECK(shape.back() == Shape{10, 1, 1});
  CHECK(shape[shape.size() - 3] == Shape{384, 8, 8});
}

TEST_CASE("ENAS networks of one operation have the parameters of a closed form") {
  const auto space = make_enas_macro({}, {{3, 32, 32}, 10});
  for (int operation = 0; operation < 6; ++operation) {
    for (int skip = 0; skip < 2; ++skip) {
      INFO("operation " << operation << ", skip " << skip);
      CHECK(parameters_of(*space, uniform_text(12, operation, skip)) ==
            expected_parameters(operation, skip, 36));
    }
  }
}

TEST_CASE("The ENAS supernet has every operation and skip, and the likeliest are derived") {
  const int64_t c = 6;
  const auto space = small(6, c);
  const auto supernet = space->supernet();
  REQUIRE(supernet->groups.size() == 2);
  CHECK(supernet->groups[0].rows == 6);
  CHECK(supernet->groups[0].options.size() == 6);
  CHECK(supernet->groups[1].rows == 15);
  int64_t expected = 27 * c + 6 * 0 + c * 10;
  for (int operation = 0; operation < 6; ++operation) {
    expected += 6 * operation_parameters(operation, c, 0);
  }
  expected += (3 + 5) * c * c;  // the stem and two layers, then four, each reduced
  CHECK(cost(supernet->network, space->task().input).parameters == expected);
  std::vector<double> operations(36, 0.1);
  std::vector<double> skips(30, 0.5);
  for (size_t layer = 0; layer < 6; ++layer) operations[6 * layer + 5 - layer] = 0.5;
  skips[2 * 2 + 1] = 0.6;   // layer 2 takes in the first layer
  skips[2 * 10 + 1] = 0.6;  // layer 5 the stem
  CHECK(space->text(space->derive({operations, skips})) ==
        "5 4 0 3 0 1 2 0 0 0 1 0 0 0 0 0 1 0 0 0 0");
}

}  // namespace
}  // namespace nas
