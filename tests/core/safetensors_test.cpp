#include "nas/core/safetensors.hpp"

#include <cstring>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A file with this header and as many bytes of data.
std::string file_with(const std::string& header, size_t data) {
  const auto size = static_cast<uint64_t>(header.size());
  std::string file(sizeof size, '\0');
  std::memcpy(file.data(), &size, sizeof size);
  return file + header + std::string(data, 'd');
}

std::string entry(const std::string& name, const std::string& shape, int64_t begin, int64_t end,
                  const std::string& type = "F32") {
  return "\"" + name + R"(":{"dtype":")" + type + R"(","shape":)" + shape + R"(,"data_offsets":[)" +
         std::to_string(begin) + "," + std::to_string(end) + "]}";
}

struct Malformed {
  const char* what;
  std::string file;
  const char* complaint;
};

std::vector<Malformed> malformed_files() {
  std::string far = file_with("{}", 0);
  far[7] = 1;
  const std::string deep(200'000, '[');
  return {
      {"empty", "", "shorter"},
      {"seven bytes", "1234567", "shorter"},
      {"header beyond the file", file_with("{}", 0).replace(0, 1, "\x10"), "cut off"},
      {"header of petabytes", far, "100 MB"},
      {"no JSON", file_with("{", 0), "not valid JSON"},
      {"a list", file_with("[]", 0), "no JSON object"},
      {"nested deeply", file_with(deep, 0), "nested"},
      {"the same array twice",
       file_with("{" + entry("a", "[1]", 0, 4) + "," + entry("a", "[1]", 4, 8) + "}", 8), "twice"},
      {"the same key of an array twice",
       file_with(R"({"a":{"dtype":"F32","dtype":"I64","shape":[1],"data_offsets":[0,4]}})", 4),
       "twice"},
      {"a number as an array", file_with(R"({"a":1})", 0), "expected dtype"},
      {"no shape", file_with(R"({"a":{"dtype":"F32","data_offsets":[0,4]}})", 4), "expected dtype"},
      {"one key more",
       file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4),
       "expected dtype"},
      {"an unknown type", file_with("{" + entry("a", "[1]", 0, 4, "F31") + "}", 4), "F31"},
      {"a negative size", file_with("{" + entry("a", "[-1]", 0, 4) + "}", 4), "whole numbers"},
      {"half a size", file_with("{" + entry("a", "[1.5]", 0, 4) + "}", 4), "whole numbers"},
      {"a size beyond 63 bits", file_with("{" + entry("a", "[9223372036854775808]", 0, 4) + "}", 4),
       "whole numbers"},
      {"sizes whose product overflows",
       file_with("{" + entry("a", "[4294967296,4294967296]", 0, 0) + "}", 0), "do not fit"},
      {"three offsets", file_with(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}})", 4),
       "offsets"},
      {"offsets turned round", file_with("{" + entry("a", "[1]", 4, 0) + "}", 4), "offsets"},
      {"bytes that do not fit the shape", file_with("{" + entry("a", "[2]", 0, 4) + "}", 4),
       "do not fit"},
      {"a hole",
       file_with("{" + entry("a", "[1]", 0, 4) + "," + entry("b", "[1]", 8, 12) + "}", 12), "hole"},
      {"a hole at the start", file_with("{" + entry("a", "[1]", 4, 8) + "}", 8), "hole"},
      {"an overlap",
       file_with("{" + entry("a", "[2]", 0, 8) + "," + entry("b", "[1]", 4, 8) + "}", 8),
       "overlap"},
      {"too little data", file_with("{" + entry("a", "[2]", 0, 8) + "}", 7), "holds 7"},
      {"data left over", file_with("{" + entry("a", "[2]", 0, 8) + "}", 9), "holds 9"},
      {"metadata that is no object", file_with(R"({"__metadata__":[]})", 0), "no object"},
      {"metadata that is no text", file_with(R"({"__metadata__":{"a":1}})", 0), "no text"},
      {"a wrong SHA-256",
       file_with(R"({"__metadata__":{"sha256":")" + std::string(64, 'a') + R"("}})", 0), "SHA-256"},
  };
}

const std::string kEight = "abcdefgh";

std::vector<NamedArray> some_arrays() {
  return {{"bytes", ArrayType::uint8, {3}, std::string_view(kEight).substr(0, 3)},
          {"floats", ArrayType::float32, {2, 1}, kEight},
          {"doubles", ArrayType::float64, {}, kEight},
          {"nothing", ArrayType::float32, {0, 7}, {}}};
}

}  // namespace

TEST_CASE("malformed safetensors are refused, and the message says what is wrong", "[core]") {
  for (const auto& [what, file, complaint] : malformed_files()) {
    INFO(what);
    REQUIRE_THROWS_AS(decode_safetensors(file, "some.file"), InputError);
    REQUIRE_THROWS_WITH(decode_safetensors(file, "some.file"), ContainsSubstring(complaint));
    REQUIRE_THROWS_WITH(decode_safetensors(file, "some.file"), ContainsSubstring("some.file"));
  }
}

TEST_CASE("safetensors of other writers are read", "[core]") {
  // Arrays in another order than their data, a padded header, no SHA-256.
  const auto file = decode_safetensors(
      file_with("{" + entry("b", "[1]", 4, 8) + "," + entry("a", "[1]", 0, 4) + "}   ", 8), "x");
  REQUIRE_FALSE(file.verified);
  REQUIRE(file.arrays.size() == 2);
  REQUIRE(file.arrays[0].name == "a");
  REQUIRE(file.arrays[1].bytes == "dddd");
  REQUIRE(decode_safetensors(file_with("{}", 0), "x").arrays.empty());
}

TEST_CASE("arrays and metadata come back as they were written", "[core]") {
  const std::string bytes = encode_safetensors(some_arrays(), {{"k", "a \"text\"\n"}, {"j", ""}});
  const auto file = decode_safetensors(bytes, "x");
  REQUIRE(file.verified);
  REQUIRE(file.metadata.size() == 2);
  REQUIRE(file.metadata["k"] == "a \"text\"\n");
  REQUIRE(file.arrays.size() == 4);
  for (const auto& array : some_arrays()) {
    const auto found = std::find_if(file.arrays.begin(), file.arrays.end(),
                                    [&](const auto& other) { return other.name == array.name; });
    REQUIRE(found != file.arrays.end());
    REQUIRE(found->type == array.type);
    REQUIRE(found->shape == array.shape);
    REQUIRE(found->bytes == array.bytes);
  }
}

TEST_CASE("every array starts at a multiple of its numbers' size", "[core]") {
  const std::string bytes = encode_safetensors(some_arrays(), {});
  const auto file = decode_safetensors(bytes, "x");
  for (const auto& array : file.arrays) {
    if (array.bytes.empty()) continue;
    const auto offset = array.bytes.data() - file.content->data();
    INFO(array.name);
    REQUIRE(offset % size_of(array.type) == 0);
  }
}

TEST_CASE("any bit turned in a written file is noticed", "[core]") {
  const std::string bytes = encode_safetensors(some_arrays(), {{"k", "v"}});
  int64_t verified = 0;
  int64_t unverified = 0;
  for (size_t i = 0; i < bytes.size() * 8; ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    try {
      // Damage to the key "sha256" itself makes a file without one.
      ++(decode_safetensors(damaged, "x").verified ? verified : unverified);
    } catch (const InputError&) {
    }
  }
  REQUIRE(verified == 0);
  REQUIRE(unverified <= 6 * 8);
}

TEST_CASE("arrays that cannot be written are refused", "[core]") {
  const std::vector<NamedArray> short_bytes{{"a", ArrayType::float32, {3}, kEight}};
  REQUIRE_THROWS_AS(encode_safetensors(short_bytes, {}), RunError);
  const std::vector<NamedArray> twice{{"a", ArrayType::float32, {2}, kEight},
                                      {"a", ArrayType::float32, {2}, kEight}};
  REQUIRE_THROWS_AS(encode_safetensors(twice, {}), RunError);
  const std::vector<NamedArray> reserved{{"__metadata__", ArrayType::float32, {2}, kEight}};
  REQUIRE_THROWS_AS(encode_safetensors(reserved, {}), RunError);
  REQUIRE_THROWS_AS(encode_safetensors(some_arrays(), {{"k", 1}}), RunError);
}

}  // namespace nas
