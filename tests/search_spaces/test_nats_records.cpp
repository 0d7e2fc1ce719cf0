#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "nas/plan/cost.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

struct Record {
  std::string architecture;
  std::string data;
  int64_t parameters = 0;
  int64_t multiply_adds = 0;
};

const std::map<std::string, TaskShape> kTasks{{"cifar10-valid", {{3, 32, 32}, 10}},
                                              {"cifar10", {{3, 32, 32}, 10}},
                                              {"cifar100", {{3, 32, 32}, 100}},
                                              {"ImageNet16-120", {{3, 16, 16}, 120}}};

/// Lines `HP epochs ARCHITECTURE index ...`, each followed by lines
/// `DATA seed ep epochs flop MILLIONS param MILLIONS ...`.
std::vector<Record> read_records() {
  const char* folder = std::getenv("NAS_DATA");
  const std::filesystem::path root =
      folder != nullptr ? folder : std::string(NAS_SOURCE_DIR) + "/../shared/data";
  std::ifstream file(root / "nas_bench_201/six_full_records.txt");
  std::vector<Record> records;
  Record record;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string skipped;
    double flop = 0;
    double param = 0;
    words >> record.data;
    if (record.data == "HP") words >> skipped >> record.architecture;
    if (kTasks.count(record.data) == 0 || record.architecture.empty()) continue;
    words >> skipped >> skipped >> skipped >> skipped >> flop >> skipped >> param;
    record.multiply_adds = std::llround(flop * 1e6);
    record.parameters = std::llround(param * 1e6);
    records.push_back(record);
  }
  return records;
}

TEST_CASE("NATS-Bench's full records have our parameters and multiply-adds") {
  const auto records = read_records();
  if (records.empty()) {
    WARN("skipped: no nas_bench_201/six_full_records.txt below NAS_DATA");
    return;
  }
  std::map<std::string, int> seen;
  for (const auto& record : records) {
    const TaskShape& task = kTasks.at(record.data);
    const bool topology = record.architecture.front() == '|';
    const auto space = topology ? make_nas_bench_201({}, task) : make_nats_size({}, task);
    const Cost counted = cost(*space->network(space->parse(record.architecture)), task.input);
    INFO(record.architecture << " on " << record.data);
    CHECK(counted.parameters == record.parameters);
    // The published counts hold the classifier's biases, one for each class.
    CHECK(counted.multiply_adds + task.classes == record.multiply_adds);
    ++seen[record.architecture];
  }
  CHECK(seen.size() == 6);
}

}  // namespace
}  // namespace nas
