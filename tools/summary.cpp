#include "tools/summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/core/text.hpp"
#include "tools/output.hpp"

namespace nas {
namespace {

void print_accuracy(const char* label, const Json& mean, const Json& deviation, size_t seeds) {
  if (seeds == 1) {
    fmt::print("  {:<22} {:.2f} % (one seed)\n", label, mean.get<double>());
    return;
  }
  fmt::print("  {:<22} {:.2f} % ± {:.2f} (mean and standard deviation of {} seeds)\n", label,
             mean.get<double>(), deviation.get<double>(), seeds);
}

constexpr std::array<std::string_view, 2> kCounts{"parameters", "multiply_adds"};

bool is_count(std::string_view name) {
  return std::find(kCounts.begin(), kCounts.end(), name) != kCounts.end();
}

void print_counts(const Json& metrics) {
  for (const auto name : kCounts) {
    if (!metrics.contains(name)) continue;
    const auto count = static_cast<int64_t>(metrics[name].get<double>());
    fmt::print("  {:<22} {} ({})\n", name, count, format_count(count));
  }
}

void print_files(const std::filesystem::path& folder) {
  for (const char* name : {"report.html", "best/weights.safetensors",
                           "best/pruned/weights.safetensors", "best/export/network.onnx"}) {
    const auto path = folder / name;
    if (std::filesystem::exists(path)) fmt::print("  {}\n", path.string());
  }
}

void print_pruned(const Json& pruned) {
  const Json& before = pruned["mean"]["before"];
  const Json& after = pruned["mean"]["after"];
  fmt::print("pruned (mean of {} seeds):\n", pruned["prunings"].size());
  for (const auto& [name, value] : after.items()) {
    if (!before.contains(name)) continue;  // masks of older versions say the end alone
    const double was = before[name].get<double>();
    const double is = value.get<double>();
    if (name == "test_accuracy" || name == "zero_weights") {
      fmt::print("  {:<22} {:.2f} % -> {:.2f} %\n", name, was, is);
    } else if (is_count(name)) {
      fmt::print("  {:<22} {:.0f} -> {:.0f} ({:.1f} %)\n", name, was, is, 100 * is / was);
    } else if (name == "latency") {
      fmt::print("  {:<22} {:.3g} ms -> {:.3g} ms\n", name, 1e3 * was, 1e3 * is);
    }
  }
}

}  // namespace

void print_summary(const Json& best, const std::filesystem::path& folder) {
  const Json& metrics = best["metrics"];
  fmt::print("\nbest architecture (trial {}):\n  {}\n", best["trial"].get<int64_t>(),
             best["arch"].get<std::string>());
  for (const auto& [name, value] : metrics.items()) {
    if (name.find("accuracy") != name.npos) {
      fmt::print("  {:<22} {:.2f} % (in the search)\n", name, value.get<double>());
    } else if (!is_count(name)) {
      fmt::print("  {:<22} {}\n", name, format_figure(value.get<double>()));
    }
  }
  if (best.contains("mean") && best["mean"].contains("test_accuracy")) {
    print_accuracy("test_accuracy", best["mean"]["test_accuracy"],
                   best["deviation"]["test_accuracy"], best["retrain"].size());
  }
  print_counts(metrics);
  if (best.contains("pruned")) print_pruned(best["pruned"]);
  print_files(folder);
}

void print_spread(const std::vector<Json>& results) {
  std::map<std::string, std::vector<double>> values;
  for (const auto& result : results) {
    const Json& source = result.contains("mean") ? result["mean"] : result["metrics"];
    for (const auto& [name, value] : source.items()) values[name].push_back(value.get<double>());
  }
  fmt::print("best of each of {} runs\n  {:<28} {:>12} {:>12} {:>12} {:>12}\n", results.size(),
             "metric", "mean", "deviation", "least", "most");
  for (const auto& [name, list] : values) {
    const auto [least, most] = std::minmax_element(list.begin(), list.end());
    fmt::print("  {:<28}", name);
    for (const double value : {mean(list), standard_deviation(list), *least, *most}) {
      fmt::print(" {:>12}", format_score(value, 4));
    }
    fmt::print("\n");
  }
}

}  // namespace nas
