#include "nas/export/c_source.hpp"

#include "nas/export/c_program.hpp"
#include "nas/export/check.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

/// relu(x0 + 2 x1) and relu(-x0) of pixels [2, 1, 1], with their right outputs.
ExportSource small_source() {
  const auto [plan, input] =
      PlanChain({2, 1, 1}).then(Convolution{2, 2, {1, 1}}, "conv").then(Relu{}, "relu").done();
  const Weights weights{{"conv.weight", {{2, 2, 1, 1}, {1, 2, -1, 0}}}};
  return {inference_network(plan, input, weights),
          {{"a\"b\\", "*/ \xc3\xbc?"}, {}, {}, {}, {}, {{"arch", "*/ x"}}},
          {2, {1, 2, -3, 1}, {5, 0, 0, 3}}};
}

std::string content(const std::vector<SourceFile>& files, const std::string& name) {
  for (const SourceFile& file : files) {
    if (file.name == name) return file.content;
  }
  return "";
}

}  // namespace

TEST_CASE("A network in C compiles without warnings and gives what it has to") {
  const Scratch scratch;
  const ExportSource source = small_source();
  write_export(ExportFormat::c, source, scratch / "c");
  const ExportCheck check = check_export(ExportFormat::c, source, scratch / "c");
  CHECK(check.ran);
  CHECK(check.difference == 0);
}

TEST_CASE("A network in C that gives something else is found out") {
  const Scratch scratch;
  ExportSource source = small_source();
  source.vector.outputs[1] = 0.001F;
  write_export(ExportFormat::c, source, scratch / "c");
  const auto check = [&] { return check_export(ExportFormat::c, source, scratch / "c"); };
  CHECK_THROWS_WITH(check(), ContainsSubstring("does not give what the network gives"));
}

TEST_CASE("The header states the bytes of weights and arena") {
  const ExportSource source = small_source();
  const auto files =
      c_source(c_program(source.network), source.network.input, source.facts, source.vector);
  CHECK_THAT(content(files, "network.h"), ContainsSubstring("NETWORK_WEIGHT_BYTES 16\n"));
  CHECK_THAT(content(files, "network.h"), ContainsSubstring("NETWORK_ARENA_BYTES 8\n"));
}

TEST_CASE("The header of a policy speaks of readings and actions") {
  ExportSource source = small_source();
  source.facts.mean = {15, 10};
  source.facts.deviation = {10, 8};
  source.facts.policy = true;
  const auto files =
      c_source(c_program(source.network), source.network.input, source.facts, source.vector);
  const std::string header = content(files, "network.h");
  CHECK_THAT(header, ContainsSubstring(" *   mean: 15.0f, 10.0f\n"));
  CHECK_THAT(header, ContainsSubstring("output: an action each"));
  for (const char* word : {"pixels", "a class", "classes"}) CHECK(header.find(word) == header.npos);
  CHECK(content(files, "network.c").find("normalize") == std::string::npos);
}

TEST_CASE("Only what is used is written") {
  const ExportSource source = small_source();
  const std::string text = content(
      c_source(c_program(source.network), source.network.input, source.facts, source.vector),
      "network.c");
  CHECK(text.find("math.h") == text.npos);
  CHECK(text.find("attention") == text.npos);
  CHECK_THAT(text, ContainsSubstring("static void relu("));
}

TEST_CASE("Numbers in C are exact and of type float") {
  CHECK(c_number(1) == "1.0f");
  CHECK(c_number(0.1F) == "0.100000001f");
  CHECK(c_number(-1e-30F) == "-1e-30f");
}

}  // namespace nas
