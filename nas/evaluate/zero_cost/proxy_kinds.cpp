#include "nas/evaluate/zero_cost/proxy_kinds.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "nas/config/section.hpp"

namespace nas {
namespace {

constexpr std::array<ProxyKind, 10> kKinds{{
    {"synflow", "sum of the weights' parts in the flow of ones (Tanaka et al. 2020)"},
    {"snip", "sum of |weight * gradient| (Lee et al. 2019)"},
    {"grasp", "minus the sum of weight * Hessian * gradient (Wang et al. 2020)"},
    {"fisher", "sum of squared channel saliencies (Turner et al. 2020)"},
    {"grad_norm", "sum of the norms of the layers' gradients (Abdelfattah et al. 2021)"},
    {"jacob_cov", "how little the inputs' Jacobians correlate (Mellor et al. 2020)"},
    {"naswot", "log-determinant of the kernel of ReLU codes (Mellor et al. 2021)"},
    {"zen", "log of the features' change under small noise, rescaled (Lin et al. 2021)"},
    {"parameters", "trainable numbers"},
    {"multiply_adds", "of one forward pass of one example"},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kKinds.size()> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kKinds[i].name;
  return names;
}();

}  // namespace

std::span<const ProxyKind> proxy_kinds() { return kKinds; }

void describe(Section& section, ProxySetting& setting) {
  section.integer("batch_size", setting.batch_size, {2, 1'000'000, "examples"},
                  "of the training split, the same for all candidates");
  section.integer("repeats", setting.repeats, {1, 10'000, ""},
                  "draws of the weights that a score is the mean of");
}

void describe_proxy(Section& section, std::string& metric) {
  section.one_of("metric", metric, std::span<const std::string_view>(kNames), "which proxy");
}

void describe_proxies(Section& section, std::vector<std::string>& metrics) {
  section.texts("metrics", metrics, fmt::format("proxies: {}", fmt::join(kNames, ", ")));
  if (metrics.empty()) section.mistake("metrics", "found none, expected at least one");
  std::set<std::string> seen;
  for (const auto& metric : metrics) {
    if (std::find(kNames.begin(), kNames.end(), metric) == kNames.end()) {
      section.mistake("metrics", fmt::format("found '{}', expected one of {}", metric,
                                             fmt::join(kNames, ", ")));
    } else if (!seen.insert(metric).second) {
      section.mistake("metrics", fmt::format("found '{}' twice", metric));
    }
  }
}

}  // namespace nas
