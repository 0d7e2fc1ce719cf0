#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/search/space.hpp"

namespace nas {

class Section;

/// Parameters of any program, as the configuration lists them.
struct ParametersOptions {
  Choices choices;
};

void describe(Section& section, ParametersOptions& options);

/// Numbers and options of any meaning; no network. Text: one line of JSON, keyed by name, without
/// the parameters that are not active: `{"lr": 0.01, "opt": "sgd"}`.
std::unique_ptr<Space> make_parameters(const ParametersOptions& options, TaskShape task);

}  // namespace nas
