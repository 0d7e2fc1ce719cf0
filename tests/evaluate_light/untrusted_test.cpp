#include <fstream>

#include "nas/core/error.hpp"
#include "nas/evaluate/program_reply.hpp"
#include "nas/evaluate/table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST_CASE(
    "A JSON table is refused where a key is no text, a number too large, or it nests deeply") {
  const Scratch folder;
  const auto path = folder / "table.json";
  for (const std::string& text :
       {std::string(R"([{"arch": 7, "accuracy": 1}])"), std::string(R"([{"accuracy": 1}])"),
        std::string(R"([{"arch": "a", "accuracy": 1e999}])"), nested(100'000), std::string("3")}) {
    std::ofstream(path, std::ios::trunc) << text;
    INFO(text.substr(0, 40));
    CHECK_THROWS_AS(read_table(path.string(), "arch"), InputError);
  }
}

TEST_CASE("Nesting of a million levels in a program's line is a failed trial like other nonsense") {
  for (const char* key : {"error", "metrics", "progress"}) {
    const std::string line = std::string("{\"") + key + "\": " + nested(1'000'000) + "}";
    CHECK(std::holds_alternative<Garbage>(program_reply(line)));
  }
}

}  // namespace
}  // namespace nas
