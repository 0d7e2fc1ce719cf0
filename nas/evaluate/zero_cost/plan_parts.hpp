#pragma once

#include "nas/plan/network.hpp"

namespace nas {

/// The plan with its batch norms as identities; weights of other layers are drawn as before.
NetworkPlan without_batch_norm(NetworkPlan plan);

/// The plan up to what its global average pool reads; where there is none on the straight way from
/// the logits, up to what the last linear layer reads; the plan as it is where there is neither.
NetworkPlan feature_extractor(NetworkPlan plan);

}  // namespace nas
