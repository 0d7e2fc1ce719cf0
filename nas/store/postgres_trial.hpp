#pragma once

#include "nas/search/trial.hpp"
#include "nas/store/postgres.hpp"

namespace nas {

/// The columns of nas_trials that trial_of() reads, in its order.
inline constexpr const char* kTrialColumns =
    "number, job, state, point, budget, seed, metrics, started, seconds, error_kind, error_reason, "
    "continues, cutoffs, attempt";

Trial trial_of(const PostgresRows& rows, int64_t row, const Choices& choices);

/// Binds job, state, point, budget, seed, metrics, started, seconds, error_kind, error_reason,
/// continues, cutoffs and attempt.
void bind_trial(PostgresQuery& query, const Trial& trial, const Choices& choices);

/// Binds state, point, metrics, seconds, error_kind and error_reason: what an evaluation changes.
void bind_result(PostgresQuery& query, const Trial& trial, const Choices& choices);

}  // namespace nas
