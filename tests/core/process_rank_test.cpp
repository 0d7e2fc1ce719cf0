#include "nas/core/process_rank.hpp"

#include <map>
#include <string>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

using namespace nas;

namespace {

std::optional<ProcessRank> rank_in(const std::map<std::string, std::string>& variables) {
  return launched_rank([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

const std::map<std::string, std::string> kTorchrun{{"RANK", "5"},
                                                   {"WORLD_SIZE", "8"},
                                                   {"LOCAL_RANK", "1"},
                                                   {"MASTER_ADDR", "node1"},
                                                   {"MASTER_PORT", "29500"}};
const std::map<std::string, std::string> kSrun{
    {"SLURM_PROCID", "3"},         {"SLURM_NTASKS", "8"},           {"SLURM_LOCALID", "1"},
    {"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_NODELIST", "gpu[07-9]"}, {"SLURM_JOB_ID", "4711"}};

std::map<std::string, std::string> with(std::map<std::string, std::string> variables,
                                        const std::string& name, const std::string& value) {
  variables[name] = value;
  return variables;
}

}  // namespace

TEST_CASE("A process is told by torchrun's variables which of several it is", "[together]") {
  const auto self = rank_in(kTorchrun).value();
  REQUIRE(self.rank == 5);
  REQUIRE(self.count == 8);
  REQUIRE(self.local_rank == 1);
  REQUIRE(self.host == "node1");
  REQUIRE(self.port == 29500);
  REQUIRE_FALSE(self.meeting_served);
  REQUIRE(self.attempt == "0");
}

TEST_CASE("Where torchrun itself serves the meeting place, no process does", "[together]") {
  const auto restarted = with(with(kTorchrun, "TORCHELASTIC_USE_AGENT_STORE", "True"),
                              "TORCHELASTIC_RESTART_COUNT", "2");
  REQUIRE(rank_in(restarted)->meeting_served);
  REQUIRE(rank_in(restarted)->attempt == "2");
}

TEST_CASE("A process is told by Slurm's variables which of several it is", "[together]") {
  const auto self = rank_in(kSrun).value();
  REQUIRE(self.rank == 3);
  REQUIRE(self.count == 4);
  REQUIRE(self.local_rank == 1);
  REQUIRE(self.host == "gpu07");
  REQUIRE(self.port == 24711);
  const auto moved = rank_in(with(with(kSrun, "MASTER_ADDR", "head"), "MASTER_PORT", "5000"));
  REQUIRE(moved->host == "head");
  REQUIRE(moved->port == 5000);
}

TEST_CASE("A batch script and a shell are no part of several processes", "[together]") {
  auto batch = kSrun;
  batch.erase("SLURM_STEP_NUM_TASKS");
  REQUIRE_FALSE(rank_in(batch));
  REQUIRE_FALSE(rank_in({}));
  REQUIRE_FALSE(rank_in({{"RANK", "0"}}));
}

TEST_CASE("Variables that do not fit each other are named", "[together]") {
  REQUIRE_THROWS_WITH(rank_in(with(kTorchrun, "RANK", "8")),
                      "environment variable RANK: found '8', expected a number 0 .. 7");
  REQUIRE_THROWS_WITH(rank_in(with(kTorchrun, "WORLD_SIZE", "two")), ContainsSubstring("'two'"));
  REQUIRE_THROWS_WITH(rank_in(with(kTorchrun, "MASTER_PORT", "")),
                      ContainsSubstring("MASTER_PORT"));
  REQUIRE_THROWS_WITH(rank_in(with(kTorchrun, "MASTER_ADDR", "")),
                      ContainsSubstring("MASTER_ADDR"));
  REQUIRE_THROWS_WITH(rank_in(with(kSrun, "SLURM_NODELIST", "")), ContainsSubstring("MASTER_ADDR"));
}

TEST_CASE("The first host of Slurm's lists of nodes", "[together]") {
  REQUIRE(first_host("node1") == "node1");
  REQUIRE(first_host("node1,node2") == "node1");
  REQUIRE(first_host("node[3-5],login") == "node3");
  REQUIRE(first_host("node[007,012-014]") == "node007");
  REQUIRE(first_host("rack[2-4]-gpu") == "rack2-gpu");
  for (const char* wrong : {"", "[", "node[", "node[]", "node[,]", "a b"}) {
    INFO(wrong);
    REQUIRE_THROWS_AS(first_host(wrong), UsageError);
  }
}
