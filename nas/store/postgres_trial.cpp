#include "nas/store/postgres_trial.hpp"

#include "nas/core/json.hpp"

namespace nas {
namespace {

void bind_point(PostgresQuery& query, const Trial& trial, const Choices& choices) {
  trial.point ? query.bind(to_json(choices, *trial.point).dump()) : query.bind_null();
}

void bind_failure(PostgresQuery& query, const Trial& trial) {
  trial.failure ? query.bind(trial.failure->kind) : query.bind_null();
  trial.failure ? query.bind(trial.failure->reason) : query.bind_null();
}

}  // namespace

Trial trial_of(const PostgresRows& rows, int64_t row, const Choices& choices) {
  const auto json = [&](int column) { return Json::parse(rows.text(row, column)); };
  Trial trial;
  trial.number = rows.integer(row, 0);
  trial.job = job_from_text(rows.text(row, 1));
  trial.state = trial_state_from_text(rows.text(row, 2));
  if (!rows.is_null(row, 3)) trial.point = point_from_json(choices, json(3));
  trial.budget = rows.real(row, 4);
  trial.seed = static_cast<uint64_t>(rows.integer(row, 5));
  trial.metrics = json(6).get<Metrics>();
  trial.started = rows.real(row, 7);
  trial.seconds = rows.real(row, 8);
  if (!rows.is_null(row, 9)) trial.failure = Failure{rows.text(row, 9), rows.text(row, 10)};
  if (!rows.is_null(row, 11)) trial.continues = rows.integer(row, 11);
  if (!rows.is_null(row, 12)) trial.cutoffs = cutoffs_from_json(json(12));
  trial.attempt = rows.integer(row, 13);
  return trial;
}

void bind_trial(PostgresQuery& query, const Trial& trial, const Choices& choices) {
  query.bind(to_text(trial.job)).bind(to_text(trial.state));
  bind_point(query, trial, choices);
  query.bind(trial.budget).bind(static_cast<int64_t>(trial.seed));
  query.bind(Json(trial.metrics).dump()).bind(trial.started).bind(trial.seconds);
  bind_failure(query, trial);
  trial.continues ? query.bind(*trial.continues) : query.bind_null();
  trial.cutoffs ? query.bind(to_json(*trial.cutoffs).dump()) : query.bind_null();
  query.bind(trial.attempt);
}

void bind_result(PostgresQuery& query, const Trial& trial, const Choices& choices) {
  query.bind(to_text(trial.state));
  bind_point(query, trial, choices);
  query.bind(Json(trial.metrics).dump()).bind(trial.seconds);
  bind_failure(query, trial);
}

}  // namespace nas
