#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

class Section;

/// A score that a network has before any training. For all of them larger is better.
struct ProxyKind {
  std::string_view name;
  std::string_view meaning;
};

std::span<const ProxyKind> proxy_kinds();

/// How proxies are measured.
struct ProxySetting {
  /// Examples of the one minibatch; random inputs of zen.
  int64_t batch_size = 64;
  /// Draws of the weights that a score is the mean of.
  int64_t repeats = 1;
};

void describe(Section& section, ProxySetting& setting);

/// Reads the key `metric`, the name of one proxy.
void describe_proxy(Section& section, std::string& metric);
/// Reads the list `metrics`, names of proxies, each once.
void describe_proxies(Section& section, std::vector<std::string>& metrics);

}  // namespace nas
