#include "nas/run/cluster_config.hpp"

#include "tests/config/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

ClusterConfig read(std::string_view text) {
  ClusterConfig config;
  read_config_text(text, "test.yaml", {}, [&](Section& section) { describe(section, config); });
  return config;
}

std::vector<std::string> mistakes(std::string_view text) {
  return mistakes_of(text, [](Section& section) {
    ClusterConfig config;
    describe(section, config);
  });
}

TEST_CASE("Memory is read as Slurm counts or with its unit, and rounded up to MiB") {
  CHECK(read("memory: 16G").memory == 16384);
  CHECK(read("memory: 500M").memory == 500);
  CHECK(read("memory: 1.5T").memory == 1536 * 1024);
  CHECK(read("memory: 2GiB").memory == 2048);
  CHECK(read("memory: 16GB").memory == 15259);
  CHECK(read("memory: 64KB").memory == 1);
  for (const char* wrong : {"16", "0G", "-1G", "many", "3s", "G", "1e9G", "4KT"}) {
    const auto found = mistakes(std::string("memory: ") + wrong);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found.front(), ContainsSubstring("test.yaml:1:9: memory: found '"));
  }
}

TEST_CASE("Whether a job's memory is said depends on options too") {
  CHECK_FALSE(read("time: 1h").says_memory());
  CHECK(read("memory: 1G").says_memory());
  CHECK(read("options: [--mem-per-cpu=2G]").says_memory());
}

TEST_CASE("Options that decide how a job goes on are refused, others are taken as they are") {
  CHECK(read("options: [--constraint=a100, -C fast]").options ==
        std::vector<std::string>{"--constraint=a100", "-C fast"});
  for (const char* ours : {"--signal=USR1", "-N2", "--array=1-4", "--output x", "-o x",
                           "constraint", "\"--comment=a\\nrm -rf x\""}) {
    CHECK(mistakes(std::string("options: [") + ours + "]").size() == 1);
  }
}

TEST_CASE("A time limit that leaves no time to save is a mistake") {
  CHECK(read("{time: 1h, signal_lead: 5m}").signal_lead == 300);
  CHECK(mistakes("{time: 1m, signal_lead: 2m}").size() == 1);
  CHECK(mistakes("partition: \"a\\nb\"").size() == 1);
}

}  // namespace
}  // namespace nas
