#include "tools/bench/print.hpp"

#include <fmt/core.h>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr std::string_view kSeconds = "seconds";

/// "12.3 us a trial", and its quartiles in seconds alike.
std::string figures(const Json& result) {
  const auto unit = result["unit"].get<std::string>();  // "seconds a trial"
  return fmt::format(
      "{}{} (quartiles {} and {})", format_short_time(result["median"].get<double>()),
      unit.substr(kSeconds.size()), format_short_time(result["spread"][0].get<double>()),
      format_short_time(result["spread"][1].get<double>()));
}

void print_one(const Json& result) {
  std::string settings;
  for (const auto& [name, value] : result["settings"].items()) {
    settings +=
        fmt::format(" {}={}", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  fmt::print("{}{}\n", result["benchmark"].get<std::string>(), settings);
  fmt::print("  {}, {} samples, {:.0f} MB\n", figures(result), result["samples"].get<int64_t>(),
             static_cast<double>(result["peak_memory"].get<int64_t>()) / 1e6);
}

}  // namespace

void print_benchmark(const Json& results) {
  for (const auto& result : results.is_array() ? results : Json::array({results})) {
    print_one(result);
    if (result.contains("transactions_per_second")) {
      fmt::print("  {:.0f} transactions a second\n",
                 result["transactions_per_second"].get<double>());
    }
    if (result.contains("times_faster")) {
      fmt::print("  {:.2f} times as fast as LibTorch's layers, {:.0f}% of what the peaks allow\n",
                 result["times_faster"].get<double>(), 100 * result["share_of_peak"].get<double>());
    }
    if (result.contains("throughput_gained")) {
      fmt::print("  {:.2f} times the epochs of the first row in the same time\n",
                 result["throughput_gained"].get<double>());
    }
    if (result.contains("regret")) {
      fmt::print("  regret (median):");
      for (const auto& [trials, regret] : result["regret"].items()) {
        fmt::print(" {:.3g} at {} trials", regret["median"].get<double>(), trials);
      }
      fmt::print("\n");
    }
    if (result.contains("prediction")) {
      const Json& prediction = result["prediction"];
      fmt::print(
          "  {} layers; of {} networks the prediction is {:.2f} of what was measured "
          "(median)\n  {}\n",
          result["entries"].get<int64_t>(), prediction["networks"].get<int64_t>(),
          prediction["ratio"].get<double>(), result["file"].get<std::string>());
    }
  }
}

}  // namespace nas
