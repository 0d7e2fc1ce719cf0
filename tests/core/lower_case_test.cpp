#include "nas/core/lower_case.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("Letters of ASCII are made small, other bytes stay") {
  CHECK(lower_case("A.WAV_09[z]") == "a.wav_09[z]");
  CHECK(lower_case("\xC3\x84 \x80").substr(2) == " \x80");
  CHECK(lower_case("").empty());
}

}  // namespace nas
