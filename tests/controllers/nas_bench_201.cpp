#include "tests/controllers/nas_bench_201.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"

namespace nas::testing {

std::map<Point, double> nas_bench_201_table(const Space& space) {
  const char* folder = std::getenv("NAS_DATA");
  const std::filesystem::path root =
      folder != nullptr ? folder : std::filesystem::path(NAS_SOURCE_DIR) / ".." / "shared" / "data";
  std::ifstream file(root / "nas_bench_201" / "cifar10_test_accuracy_200_epochs.csv");
  std::map<Point, double> table;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const size_t comma = line.find(',');
    table[space.parse(line.substr(0, comma))] = std::stod(line.substr(comma + 1));
  }
  return table;
}

std::vector<double> bests_on_nas_bench_201(const std::string& config, int64_t trials,
                                           uint64_t seeds) {
  const auto space = make_nas_bench_201({}, {});
  const auto table = nas_bench_201_table(*space);
  if (table.empty()) return {};
  const Objectives objectives{{"accuracy", Goal::maximize}};
  std::vector<double> bests;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const auto controller = make_controller(config, {*space, objectives, seed});
    const auto found = search(*controller, trials, 1, [&](const Point& point) {
      return Metrics{{"accuracy", table.at(point)}};
    });
    bests.push_back(found[*best_trial(found, objectives)].metrics.at("accuracy"));
  }
  return bests;
}

double nas_bench_201_cost(const Point& point) {
  double ones = 0;
  double threes = 0;
  for (const Value& value : point.values) {
    ones += std::get<int64_t>(value) == 2 ? 1 : 0;
    threes += std::get<int64_t>(value) == 3 ? 1 : 0;
  }
  return 7.78305 + 3.93216 * (ones + 9 * threes);
}

}  // namespace nas::testing
