#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/qubo/penalty.hpp"
#include "nas/qubo/selection.hpp"
#include "nas/qubo/surrogate.hpp"
#include "nas/search/sampling.hpp"
#include "tests/qubo/models.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using testing::values_of;

Choices conditional_choices() {
  return {{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
          {"kind", Categorical{{"x", "y"}}, Condition{0, {1, 2}}},
          {"depth", IntegerInterval{2, 4}, Condition{1, {1}}},
          {"width", IntegerInterval{1, 4096, true}, std::nullopt}};
}

/// Biases of both signs on all variables and pairs.
void disturb(QuadraticModel& model, uint64_t seed) {
  RandomStream random(seed, "test.disturb");
  for (int64_t i = 0; i < model.size(); ++i) {
    for (int64_t j = 0; j <= i; ++j) model.add(j, i, 3 * random.normal());
  }
}

/// Whether all lowest assignments of a model keep its meaning.
bool minimum_is_feasible(const QuadraticModel& model) {
  const double lowest = testing::lowest_energy(model);
  for (uint64_t bits = 0; bits < uint64_t{1} << model.size(); ++bits) {
    const VariableValues values = values_of(bits, model.size(), Vartype::binary);
    const bool low = model.energy(values) < lowest + 1e-9;
    if (low && !is_feasible(model.meaning, values)) return false;
  }
  return true;
}

TEST_CASE("Points become bits and come back, with conditions and parts of intervals") {
  const Choices choices = conditional_choices();
  const PointEncoding encoding(choices, 4);
  CHECK(encoding.variables() == 3 + 2 + 3 + 4);
  const QuadraticModel model = encoding.empty_model();
  CHECK(model.names[3] == "kind=x");
  CHECK(model.names[5] == "depth=2");
  CHECK(model.meaning.choices[1].enabled_by == std::vector<int64_t>{1, 2});
  CHECK(model.meaning.choices[2].enabled_by == std::vector<int64_t>{4});
  RandomStream random(1, "test");
  for (int i = 0; i < 200; ++i) {
    const Point point = sample(choices, random);
    VariableValues values(static_cast<size_t>(encoding.variables()), 0);
    for (const int64_t one : encoding.encoded(point)) values[static_cast<size_t>(one)] = 1;
    CHECK(is_feasible(model.meaning, values));
    const auto back = encoding.decoded(values, random);
    REQUIRE(back);
    CHECK_NOTHROW(check(choices, *back));
    CHECK(encoding.encoded(*back) == encoding.encoded(point));
    for (size_t k = 0; k < 3; ++k) CHECK(back->values[k] == point.values[k]);
  }
}

TEST_CASE("Bits that give a choice no option or two are no point") {
  const Choices choices{{"op", Categorical{{"a", "b"}}, std::nullopt}};
  const PointEncoding encoding(choices, 4);
  RandomStream random(1, "test");
  CHECK_FALSE(encoding.decoded(VariableValues{0, 0}, random));
  CHECK_FALSE(encoding.decoded(VariableValues{1, 1}, random));
  CHECK(encoding.decoded(VariableValues{0, 1}, random) == Point{{int64_t{1}}});
  CHECK(decoded(encoding.empty_model().meaning, VariableValues{0, 1}).dump() == R"({"op":"b"})");
}

TEST_CASE("The penalty of one choice is that computed by hand") {
  const Choices choices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt}};
  QuadraticModel model = PointEncoding(choices, 4).empty_model();
  model.linear = {1, -2, 0.5};
  model.add(0, 1, 4);
  // Setting a may cost 1 + 4, unsetting b 2, setting b -2 + 4, setting c 0.5.
  CHECK(sufficient_penalty(model) == Approx(1.01 * 5));
  add_penalty(model, 10);
  CHECK(model.energy(VariableValues{0, 0, 0}) == 10);
  CHECK(model.energy(VariableValues{0, 1, 0}) == -2);
  CHECK(model.energy(VariableValues{1, 1, 0}) == 10 + 1 - 2 + 4);
  CHECK(model.energy(VariableValues{1, 1, 1}) == 40 + 1 - 2 + 0.5 + 4);
}

TEST_CASE("With the sufficient penalty no minimum breaks the encoding; with a tenth some do") {
  const Choices choices = conditional_choices();
  const PointEncoding encoding(choices, 3);
  int broken = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    QuadraticModel model = encoding.empty_model();
    disturb(model, seed);
    QuadraticModel weak = model;
    add_penalty(weak, sufficient_penalty(model) / 10);
    broken += minimum_is_feasible(weak) ? 0 : 1;
    add_penalty(model, sufficient_penalty(model));
    INFO("seed " << seed);
    CHECK(minimum_is_feasible(model));
  }
  CHECK(broken > 0);
}

TEST_CASE("A surrogate of a quadratic function is the function, at every point") {
  const Choices choices{{"a", Categorical{{"0", "1", "2"}}, std::nullopt},
                        {"b", Categorical{{"0", "1"}}, std::nullopt},
                        {"c", Categorical{{"0", "1", "2"}}, std::nullopt}};
  const PointEncoding encoding(choices, 4);
  std::vector<Point> points;
  std::vector<double> targets;
  const auto option = [](const Point& point, size_t i) {
    return static_cast<double>(std::get<int64_t>(point.values[i]));
  };
  for (int64_t n = 0; n < *count(choices); ++n) {
    const Point point = point_at(choices, n);
    points.push_back(point);
    targets.push_back(90 + option(point, 0) * option(point, 2) - 2 * option(point, 1) +
                      (option(point, 0) == 1 && option(point, 1) == 1 ? 5 : 0));
  }
  const auto surrogate = fit_surrogate(encoding, points, targets, {1e-7});
  for (size_t i = 0; i < points.size(); ++i) {
    CHECK(predicted(surrogate, encoding, points[i]) == Approx(targets[i]).margin(1e-4));
    VariableValues values(static_cast<size_t>(encoding.variables()), 0);
    for (const int64_t one : encoding.encoded(points[i])) values[static_cast<size_t>(one)] = 1;
    CHECK(surrogate.energy(values) == Approx(predicted(surrogate, encoding, points[i])));
  }
  CHECK(*held_out_correlation(encoding, points, targets, {0.1}) > 0.5);
}

TEST_CASE("The ridge is that computed by hand, and equal targets give a constant") {
  const Choices choices{{"op", Categorical{{"a", "b"}}, std::nullopt}};
  const PointEncoding encoding(choices, 4);
  const std::vector<Point> points{{{int64_t{0}}}, {{int64_t{1}}}};
  // Targets -1 and 1 have deviation sqrt(2); each weight is -+ (1 / sqrt(2)) / (1 + ridge).
  const std::vector<double> targets{4, 6};
  const auto surrogate = fit_surrogate(encoding, points, targets, {1});
  CHECK(surrogate.offset == 5);
  CHECK(surrogate.linear[0] == Approx(-0.5));
  CHECK(surrogate.linear[1] == Approx(0.5));
  const std::vector<double> equal{4, 4};
  CHECK(fit_surrogate(encoding, points, equal, {1}).linear == std::vector<double>{0, 0});
}

TEST_CASE("Choosing two of three gives the energies computed by hand") {
  const Candidates candidates{
      {"a", "b", "c"}, {0.9, 0.8, 0.5}, {{1, 0.75, 0.25}, {0.75, 1, 0}, {0.25, 0, 1}}};
  QuadraticModel model = selection_model(candidates, {2, 1});
  CHECK(model.energy(VariableValues{1, 1, 0}) == Approx(-1.7 + 0.75));
  CHECK(model.energy(VariableValues{1, 0, 1}) == Approx(-1.4 + 0.25));
  CHECK(model.energy(VariableValues{0, 1, 1}) == Approx(-1.3));
  add_penalty(model, sufficient_penalty(model));
  CHECK(testing::lowest_energy(model) == Approx(-1.3));
  CHECK(minimum_is_feasible(model));
  CHECK_THROWS_AS(selection_model(candidates, {4, 1}), UsageError);
}

TEST_CASE("Candidates are read from JSON, mistakes told with their place") {
  const Scratch scratch;
  const auto file = scratch.path() / "c.json";
  const auto told = [&](const std::string& text) -> std::string {
    write_file_atomically(file, text);
    try {
      read_candidates(file);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(told(R"({"scores": [1, 2], "redundancy": [[0, 0.5], [0.5, 0]]})").empty());
  CHECK(read_candidates(file).names == std::vector<std::string>{"0", "1"});
  CHECK_THAT(told("{"), ContainsSubstring("no JSON"));
  CHECK_THAT(told("[]"), ContainsSubstring("expected {names"));
  CHECK_THAT(told(R"({"scores": [1, "x"]})"), ContainsSubstring("scores[1]: found \"x\""));
  CHECK_THAT(told(R"({"scores": [1, 2], "redundancy": [[0, 1]]})"), ContainsSubstring("2 lists"));
  CHECK_THAT(told(R"({"scores": [1, 2], "redundancy": [[0, 1], [2, 0]]})"),
             ContainsSubstring("redundancy[1][0]: found 2, expected 1"));
  CHECK_THAT(told(R"({"scores": [1, 2], "names": ["a", "a"], "redundancy": [[0, 1], [1, 0]]})"),
             ContainsSubstring("names[1]"));
}

TEST_CASE("Columns of a table are scored by correlations computed by hand") {
  const Scratch scratch;
  const auto file = scratch.path() / "t.csv";
  write_file_atomically(file, "x,y,kind\n1,1,no\n2,-1,no\n3,1,yes\n4,-1,yes\n");
  const Candidates found = candidates_of_table(file, "kind");
  CHECK(found.names == std::vector<std::string>{"x", "y"});
  CHECK(found.scores[0] == Approx(2 / std::sqrt(5.0)));
  CHECK(found.scores[1] == Approx(0).margin(1e-12));
  CHECK(found.redundancy[0][1] == Approx(1 / std::sqrt(5.0)));
  const auto told = [&](const std::string& text) -> std::string {
    write_file_atomically(file, text);
    try {
      candidates_of_table(file, "kind");
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  CHECK_THAT(told("x,kin\n1,2\n"), ContainsSubstring("t.csv:1: found no column 'kind'"));
  CHECK_THAT(told("x,kind\n1,a\nz,b\n"), ContainsSubstring("t.csv:3:1: found 'z'"));
  CHECK_THAT(told("x,kind\n1,a\n2,b\n3,c\n"), ContainsSubstring("t.csv:4:3: found 'c'"));
  CHECK_THAT(told("x,kind\n1,2\n2,b\n"), ContainsSubstring("a number as before"));
  CHECK_THAT(told("x,kind\n1,2,3\n"), ContainsSubstring("t.csv:2:1: found 3 cells"));
  CHECK_THAT(told("x,kind\n1,a\n"), ContainsSubstring("two rows"));
}

}  // namespace
}  // namespace nas
