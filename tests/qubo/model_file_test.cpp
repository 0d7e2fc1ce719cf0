#include "nas/qubo/model_file.hpp"

#include "nas/core/error.hpp"
#include "tests/qubo/models.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using testing::random_model;

/// What reading the text complains of; empty where it does not.
template <class Reader>
std::string complaint(const Reader& read, const std::string& text) {
  try {
    read(text, "file");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

const std::string kBqm = R"({"type": "BinaryQuadraticModel", "version": {"bqm_schema": "3.0.0"},
 "use_bytes": false, "variable_labels": ["a", 7], "variable_type": "SPIN", "offset": 0.5,
 "linear_biases": [1.5, -2], "quadratic_biases": [0.25], "quadratic_head": [1],
 "quadratic_tail": [0]})";

std::string with(std::string text, const std::string& old, const std::string& fresh) {
  return text.replace(text.find(old), old.size(), fresh);
}

TEST_CASE("A document as dimod writes it is read, labels of other kinds by their JSON") {
  const QuadraticModel model = model_from_bqm_json(kBqm, "file");
  CHECK(model.vartype == Vartype::spin);
  CHECK(model.names == std::vector<std::string>{"a", "7"});
  CHECK(model.energy(VariableValues{1, -1}) == 0.5 + 1.5 + 2 - 0.25);
}

TEST_CASE("Every format gives back every bias to the last bit") {
  QuadraticModel model = random_model(9, 4, Vartype::binary);
  model.linear[2] = 1e-17;
  model.linear[3] = 0;
  model.linear[4] = -3e20;
  const auto bqm = model_from_bqm_json(to_bqm_json(model), "file");
  CHECK(bqm.names == model.names);
  CHECK(bqm.offset == model.offset);
  for (const auto& back :
       {bqm, model_from_coo(to_coo(model), "file"), model_from_qubo(to_qubo(model), "file")}) {
    CHECK(back.vartype == Vartype::binary);
    CHECK(back.linear == model.linear);
    CHECK(back.quadratic == model.quadratic);
  }
  const QuadraticModel spins = random_model(9, 4, Vartype::spin);
  CHECK(model_from_coo(to_coo(spins), "file").vartype == Vartype::spin);
  CHECK(model_from_coo(to_coo(spins), "file").quadratic == spins.quadratic);
  CHECK(model_from_qubo(to_qubo(spins), "file").vartype == Vartype::binary);
}

TEST_CASE("Coordinates are written without exponents, which others drop") {
  QuadraticModel model;
  model.add_variable("x", 1e-9);
  model.add_variable("y", 2.5e9);
  model.add(0, 1, -1e-3);
  CHECK(to_coo(model) ==
        "# vartype=BINARY\n# without the offset 0\n0 0 0.000000001\n1 1 2500000000\n0 1 -0.001\n");
  CHECK(to_qubo(model) ==
        "c without the offset 0\np qubo 0 2 2 1\n0 0 0.000000001\n1 1 2500000000\n0 1 -0.001\n");
}

TEST_CASE("What the variables mean goes through a document") {
  QuadraticModel model = random_model(5, 1, Vartype::binary);
  model.meaning.choices = {{"op", {0, 1}, {"a", "b"}, {}}, {"width", {2, 3}, {"1", "2"}, {1}}};
  const auto back = model_from_bqm_json(to_bqm_json(model), "file").meaning;
  REQUIRE(back.choices.size() == 2);
  CHECK(back.choices[1].name == "width");
  CHECK(back.choices[1].variables == std::vector<int64_t>{2, 3});
  CHECK(back.choices[1].options == std::vector<std::string>{"1", "2"});
  CHECK(back.choices[1].enabled_by == std::vector<int64_t>{1});
  model.meaning = {{}, 3};
  CHECK(model_from_bqm_json(to_bqm_json(model), "file").meaning.chosen == 3);
}

TEST_CASE("A broken document is told with its place") {
  const auto told = [](const std::string& old, const std::string& fresh) {
    return complaint(model_from_bqm_json, with(kBqm, old, fresh));
  };
  CHECK_THAT(complaint(model_from_bqm_json, "{\n\"type\": }"), ContainsSubstring("file:2"));
  CHECK_THAT(complaint(model_from_bqm_json, "[]"), ContainsSubstring("BinaryQuadraticModel"));
  CHECK_THAT(told("3.0.0", "2.0.0"),
             ContainsSubstring("file: version.bqm_schema: found \"2.0.0\""));
  CHECK_THAT(told("false", "true"), ContainsSubstring("use_bytes"));
  CHECK_THAT(told("\"SPIN\"", "\"SPIM\""), ContainsSubstring("variable_type: found \"SPIM\""));
  CHECK_THAT(told("[1.5, -2]", "[1.5]"), ContainsSubstring("variable_labels: found 2"));
  CHECK_THAT(told("[1.5, -2]", "[1.5, \"x\"]"), ContainsSubstring("linear_biases[1]: found \"x\""));
  CHECK_THAT(told("[1.5, -2]", "[1.5, null]"), ContainsSubstring("linear_biases[1]: found null"));
  CHECK_THAT(told("\"a\", 7", "\"a\", \"a\""), ContainsSubstring("variable_labels[1]"));
  CHECK_THAT(told("[1],", "[2],"), ContainsSubstring("quadratic_head[0]: found 2"));
  CHECK_THAT(told("[1],", "[0],"), ContainsSubstring("quadratic_tail[0]"));
  CHECK_THAT(told("[1],", "[],"), ContainsSubstring("quadratic_head: found 0"));
  CHECK_THAT(told("\"offset\"", "\"info\": {\"chosen\": 9}, \"offset\""),
             ContainsSubstring("file: info.chosen: found 9"));
  CHECK_THAT(told("\"offset\"",
                  "\"info\": {\"choices\": [{\"name\": \"x\", \"variables\": [5]}]}, \"offset\""),
             ContainsSubstring("info.choices[0].variables: found 5"));
}

TEST_CASE("A broken line is told with its number") {
  CHECK_THAT(complaint(model_from_coo, "# vartype=SPIM\n"), ContainsSubstring("file:1: found"));
  CHECK_THAT(complaint(model_from_coo, "0 0 1\n\n0 1\n"), ContainsSubstring("file:3: found"));
  CHECK_THAT(complaint(model_from_coo, "0 -1 2\n"), ContainsSubstring("file:1: found '-1'"));
  CHECK_THAT(complaint(model_from_coo, "0 1 x\n"), ContainsSubstring("found 'x'"));
  CHECK_THAT(complaint(model_from_coo, "0 1 nan\n"), ContainsSubstring("found 'nan'"));
  CHECK_THAT(complaint(model_from_coo, "99999999999 0 1\n"),
             ContainsSubstring("found '99999999999', expected a whole number of 0 to 999999"));
  CHECK_THAT(complaint(model_from_coo, "0 0 1\n# vartype=SPIN\n"), ContainsSubstring("file:2"));
  CHECK(model_from_coo("0 1 -1e-3\n", "file").quadratic.at({0, 1}) == -1e-3);
  CHECK_THAT(complaint(model_from_qubo, "0 0 1\n"), ContainsSubstring("file:1"));
  CHECK_THAT(complaint(model_from_qubo, "p qubo 0 2 1 0\n"), ContainsSubstring("1 as announced"));
  CHECK_THAT(complaint(model_from_qubo, "p qubo 0 2 0 1\n1 0 3\n"), ContainsSubstring("file:2"));
  CHECK_THAT(complaint(model_from_qubo, "p qubo 0 2 0 2\n0 1 3\n0 1 3\n"),
             ContainsSubstring("file:3"));
  CHECK_THAT(complaint(model_from_qubo, "p qubo 0 2 1 0\n2 2 3\n"), ContainsSubstring("below 2"));
  CHECK_THAT(complaint(model_from_qubo, ""), ContainsSubstring("a line p"));
}

TEST_CASE("The extension names the format") {
  const Scratch scratch;
  const QuadraticModel model = random_model(4, 2, Vartype::binary);
  for (const char* name : {"m.json", "m.qubo", "m.coo"}) {
    write_model(scratch.path() / name, model);
    CHECK(read_model(scratch.path() / name).linear == model.linear);
  }
  CHECK_THROWS_AS(write_model(scratch.path() / "m.txt", model), UsageError);
  CHECK_THROWS_AS(read_model(scratch.path() / "missing.coo"), InputError);
}

}  // namespace
}  // namespace nas
