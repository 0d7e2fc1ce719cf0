#pragma once

#include <cstdint>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/plan/supernet_plan.hpp"
#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// What the mixture says about the search, beside the derived point:
///   architecture_entropy          mean over all rows, in nats: falls while the search decides
///   architecture_entropy_<group>  the same of one group
///   skip_connections              choices of the derived point that are skip_connect: a search
///   that
///                                 collapses ends with nearly all of them
Metrics architecture_metrics(const std::vector<ArchitectureGroup>& groups,
                             const ArchitectureWeights& probabilities, const Choices& choices,
                             const Point& derived);

/// Choices of the point that are skip_connect; choices without options are passed over.
int64_t count_skips(const Choices& choices, const Point& point);

/// {"epoch", "metrics", "arch", "probabilities": {group: [[...option]...row]}}
Json architecture_record(int64_t epoch, const Metrics& metrics, const std::string& text,
                         const std::vector<ArchitectureGroup>& groups,
                         const ArchitectureWeights& probabilities);

/// {"groups": [{"name", "options"}...], "epochs": [architecture_record...]}
Json architecture_history(const std::vector<ArchitectureGroup>& groups, const Json& records);

/// The metrics of a record.
Metrics metrics_of(const Json& record);
/// The probabilities that a record holds, by group.
ArchitectureWeights probabilities_of(const std::vector<ArchitectureGroup>& groups,
                                     const Json& record);

}  // namespace nas
