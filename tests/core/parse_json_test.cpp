#include "nas/core/parse_json.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::string nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST_CASE("JSON from outside is read, and refused where it is none or nests too deeply") {
  CHECK(parse_json(R"({"a": [1, "x\"[{"]})")["a"][1].get<std::string>() == "x\"[{");
  CHECK(parse_json(nested(200)).is_array());
  CHECK(parse_json("\"" + std::string(1000, '[') + "\"").is_string());
  for (const std::string& text :
       {nested(201), nested(1'000'000), std::string(1'000'000, '['), R"(["\\"], )" + nested(300),
        std::string("{"), std::string("1e999"), std::string("\"\xff\""), std::string()}) {
    INFO(text.substr(0, 40));
    CHECK_THROWS_AS(parse_json(text), Json::parse_error);
    CHECK(parse_json_or_discard(text).is_discarded());
  }
}

TEST_CASE("A whole number is no other number") {
  CHECK(whole_number(-3) == -3);
  CHECK(static_cast<uint64_t>(whole_number(UINT64_MAX)) == UINT64_MAX);
  for (const Json& other : {Json(1e300), Json(3.0), Json("3"), Json()}) {
    CHECK_THROWS_AS(whole_number(other), Json::type_error);
  }
}

}  // namespace
}  // namespace nas
