#include "nas/report/tensorboard.hpp"

#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("CRC-32C has its check value") {
  CHECK(crc32c("123456789") == 0xE3069283U);
  CHECK(crc32c("") == 0);
}

TEST_CASE("A record is its length, the message and their checksums") {
  const std::string record = event_file_start(0);
  const size_t length = static_cast<uint8_t>(record[0]);
  REQUIRE(record.size() == 8 + 4 + length + 4);
  CHECK(record.find("brain.Event:2") != std::string::npos);
}

TEST_CASE("A session names the choices that are active, numbers as numbers") {
  const Choices choices{{"opt", Categorical{{"sgd", "adam"}}, std::nullopt},
                        {"lr", RealInterval{0, 1, false}, std::nullopt}};
  Trial trial;
  trial.number = 7;
  trial.point = Point{{int64_t{1}, 0.25}};
  trial.started = 10;
  trial.seconds = 5;
  const auto session = session_of(trial, choices);
  CHECK(session.name == "trial 7");
  CHECK(session.ended == 15);
  REQUIRE(session.values.size() == 2);
  for (const auto& [name, value] : session.values) {
    if (name == "opt") CHECK(std::get<std::string>(value) == "adam");
    if (name == "lr") CHECK(std::get<double>(value) == 0.25);
  }
}

}  // namespace nas
