#include "nas/evaluate/zero_cost/proxy_scorer.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/evaluate/zero_cost/jacob_cov.hpp"
#include "nas/evaluate/zero_cost/naswot.hpp"
#include "nas/evaluate/zero_cost/saliency.hpp"
#include "nas/evaluate/zero_cost/synflow.hpp"
#include "nas/evaluate/zero_cost/zen.hpp"
#include "nas/plan/cost.hpp"
#include "nas/torch/device.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

struct ProbeProxy {
  std::string_view name;
  double (*score)(const Probe&);
  Differentiation needs;
};

constexpr std::array<ProbeProxy, 6> kOfProbe{{{"grad_norm", grad_norm, Differentiation::once},
                                              {"snip", snip, Differentiation::once},
                                              {"grasp", grasp, Differentiation::twice},
                                              {"fisher", fisher, Differentiation::once},
                                              {"jacob_cov", jacob_cov, Differentiation::none},
                                              {"naswot", naswot, Differentiation::none}}};

bool wanted(std::span<const std::string> proxies, std::string_view name) {
  return std::find(proxies.begin(), proxies.end(), name) != proxies.end();
}

/// What the wanted proxies of the shared pass need; nothing where none is wanted.
std::optional<Differentiation> needs_of(std::span<const std::string> proxies) {
  std::optional<Differentiation> most;
  for (const auto& proxy : kOfProbe) {
    if (wanted(proxies, proxy.name)) most = std::max(most.value_or(proxy.needs), proxy.needs);
  }
  return most;
}

/// What is a finite number of it: a network may have no score by one proxy and one by another.
Outcome finite_score(const Metrics& metrics) {
  Score score;
  for (const auto& [name, value] : metrics) {
    if (std::isfinite(value)) score.metrics.emplace(name, value);
  }
  if (!score.metrics.empty()) return score;
  return Failure{"nan", metrics.begin()->first + " is not a finite number"};
}

}  // namespace

ProxyScorer::ProxyScorer(const ProxySetting& setting, const EvaluatorContext& context)
    : setting_(setting), context_(context), device_(select_device(context.execution.device)) {}

const Minibatch& ProxyScorer::minibatch() {
  if (!minibatch_) minibatch_ = load_minibatch(context_.data, setting_.batch_size, device_);
  return *minibatch_;
}

Metrics ProxyScorer::draw(const NetworkPlan& plan, std::span<const std::string> proxies,
                          uint64_t seed) {
  const ProxySubject subject{plan, context_.space.task().input, seed, device_};
  Metrics metrics;
  if (wanted(proxies, "synflow")) metrics["synflow"] = synflow(subject);
  if (wanted(proxies, "zen")) metrics["zen"] = zen(subject, setting_.batch_size);
  const auto needs = needs_of(proxies);
  if (!needs) return metrics;
  const auto network = build_network(plan, seed, device_);
  const Probe probe = run_probe(plan, *network, minibatch(), *needs);
  for (const auto& proxy : kOfProbe) {
    if (wanted(proxies, proxy.name)) metrics[std::string(proxy.name)] = proxy.score(probe);
  }
  return metrics;
}

Outcome ProxyScorer::score(const Point& point, std::span<const std::string> proxies,
                           uint64_t seed) {
  auto plan = context_.space.network(point);
  if (!plan) {
    throw UsageError(fmt::format("space {} describes no networks", context_.space.name()));
  }
  plan->outputs.resize(1);  // an auxiliary head is no part of the candidate
  return with_failures([&]() -> Outcome {
    Metrics means;
    for (int64_t i = 0; i < setting_.repeats; ++i) {
      const auto index = static_cast<uint64_t>(i);
      for (const auto& [name, value] :
           draw(*plan, proxies, derive_seed(seed, "zero_cost.weights", index))) {
        means[name] += value / static_cast<double>(setting_.repeats);
      }
    }
    const Cost counted = cost(*plan, context_.space.task().input);
    if (wanted(proxies, "parameters"))
      means["parameters"] = static_cast<double>(counted.parameters);
    if (wanted(proxies, "multiply_adds")) {
      means["multiply_adds"] = static_cast<double>(counted.multiply_adds);
    }
    return finite_score(means);
  });
}

}  // namespace nas
