#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/store/finite.hpp"
#include "nas/store/postgres_migrations.hpp"
#include "nas/store/postgres_session.hpp"
#include "nas/store/postgres_trial.hpp"
#include "nas/store/shared_store.hpp"

namespace nas {
namespace {

// Kinds of advisory locks ("nas"): of who changes the searcher, and of who does what follows.
constexpr int64_t kSearcher = 0x6e6173;
constexpr int64_t kLeader = 0x6e6174;

/// The numbers of leases as PostgreSQL reads arrays.
template <class Get>
std::string array_text(std::span<const Lease> leases, const Get& get) {
  std::string text;
  for (const auto& lease : leases) text += (text.empty() ? "" : ",") + std::to_string(get(lease));
  return "{" + text + "}";
}

class PostgresStore : public SharedStore {
 public:
  PostgresStore(const StoreConfig& config, const SharedExperiment& experiment,
                const Choices& choices, OpenMode mode)
      : config_(config), worker_(experiment.worker), choices_(choices), session_(config, mode) {
    mode == OpenMode::read_write ? make(experiment) : bring_forward(experiment);
    find(experiment);
    if (mode == OpenMode::read_write) refuse_other_folder(experiment);
  }

  void transaction(const std::function<void()>& change) override {
    session_.transaction({kSearcher, id_}, change);
  }

  bool try_transaction(const std::function<void()>& change) override {
    return session_.try_transaction({kSearcher, id_}, change);
  }

  void add(const Trial& trial) override {
    refuse_non_finite(trial);
    PostgresQuery query(
        "INSERT INTO nas_trials (experiment, number, job, state, point, budget, seed, metrics, "
        "started, seconds, error_kind, error_reason, continues, cutoffs, attempt) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
    query.bind(id_).bind(trial.number);
    bind_trial(query, trial, choices_);
    session_.run(query);
  }

  void update(const Trial& trial) override {
    refuse_non_finite(trial);
    PostgresQuery query(
        "UPDATE nas_trials SET job = $3, state = $4, point = $5, budget = $6, seed = $7, "
        "metrics = $8, started = $9, seconds = $10, error_kind = $11, error_reason = $12, "
        "continues = $13, cutoffs = $14, attempt = $15 WHERE experiment = $1 AND number = $2");
    query.bind(id_).bind(trial.number);
    bind_trial(query, trial, choices_);
    if (session_.run(query).changes() != 1) {
      throw RunError(fmt::format("the store: trial {} is not there to update", trial.number));
    }
  }

  std::optional<Trial> find(int64_t number) const override {
    auto found = select("number = $2", number);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  }

  std::vector<Trial> trials(int64_t first) const override { return select("number >= $2", first); }

  int64_t size() const override {
    return ask("SELECT count(*) FROM nas_trials WHERE experiment = $1").integer(0, 0);
  }

  void put_curve(int64_t number, const LearningCurve& curve) override {
    PostgresQuery query(
        "INSERT INTO nas_curves (experiment, trial, curve) VALUES ($1, $2, $3) "
        "ON CONFLICT (experiment, trial) DO UPDATE SET curve = excluded.curve");
    session_.run(query.bind(id_).bind(number).bind(to_json(curve).dump()));
  }

  LearningCurve curve(int64_t number) const override {
    PostgresQuery query("SELECT curve FROM nas_curves WHERE experiment = $1 AND trial = $2");
    const auto rows = session_.run(query.bind(id_).bind(number));
    return rows.size() == 0 ? LearningCurve() : curve_from_json(Json::parse(rows.text(0, 0)));
  }

  void put(std::string_view key, std::string_view bytes) override {
    PostgresQuery query(
        "INSERT INTO nas_state (experiment, key, bytes) VALUES ($1, $2, $3) "
        "ON CONFLICT (experiment, key) DO UPDATE SET bytes = excluded.bytes");
    session_.run(query.bind(id_).bind(key).bind_bytes(bytes));
  }

  std::optional<std::string> get(std::string_view key) const override {
    PostgresQuery query("SELECT bytes FROM nas_state WHERE experiment = $1 AND key = $2");
    const auto rows = session_.run(query.bind(id_).bind(key));
    return rows.size() == 0 ? std::nullopt : std::optional(rows.bytes(0, 0));
  }

  /// One statement, so that nothing is lost where this process dies within it. After a restart of
  /// the server, leases that ran out meanwhile are left to their holders for a while.
  std::optional<Trial> claim() override {
    const std::string sql = fmt::format(
        "WITH next AS (SELECT number FROM nas_trials WHERE experiment = $1 "
        "  AND (state = 'waiting' OR (state = 'running' AND lease_until < clock_timestamp() "
        "    AND pg_postmaster_start_time() + $3 * interval '1 s' < clock_timestamp())) "
        "  ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED) "
        "UPDATE nas_trials SET worker = $2, attempt = attempt + 1, "
        "  lease_until = clock_timestamp() + $3 * interval '1 s', "
        "  started = extract(epoch FROM clock_timestamp()), "
        "  losses = losses + (state = 'running')::int, "
        "  state = CASE WHEN losses + (state = 'running')::int >= $4 THEN 'failed' "
        "    ELSE 'running' END, "
        "  error_kind = CASE WHEN losses + (state = 'running')::int >= $4 THEN 'lost' END, "
        "  error_reason = CASE WHEN losses + (state = 'running')::int >= $4 "
        "    THEN format('%s workers were lost while they had it', $4::bigint) END "
        "WHERE experiment = $1 AND number = (SELECT number FROM next) RETURNING {}",
        kTrialColumns);
    while (true) {
      PostgresQuery query(sql);
      query.bind(id_).bind(worker_).bind(config_.lease).bind(config_.losses);
      const auto rows = session_.run(query);
      if (rows.size() == 0) return std::nullopt;
      Trial trial = trial_of(rows, 0, choices_);
      if (trial.state == TrialState::running) return trial;
    }
  }

  std::vector<Lease> renew(std::span<const Lease> leases) override {
    if (leases.empty()) return {};
    PostgresQuery query(
        "UPDATE nas_trials SET lease_until = clock_timestamp() + $2 * interval '1 s' "
        "FROM unnest($3::bigint[], $4::bigint[]) AS held (number, attempt) "
        "WHERE experiment = $1 AND nas_trials.number = held.number "
        "  AND nas_trials.attempt = held.attempt AND state = 'running' "
        "RETURNING nas_trials.number, nas_trials.attempt");
    query.bind(id_).bind(config_.lease);
    query.bind(array_text(leases, [](const Lease& lease) { return lease.number; }));
    query.bind(array_text(leases, [](const Lease& lease) { return lease.attempt; }));
    const auto rows = session_.run(query);
    std::vector<Lease> held;
    for (int64_t i = 0; i < rows.size(); ++i) {
      held.push_back({rows.integer(i, 0), rows.integer(i, 1)});
    }
    return held;
  }

  bool finish(const Trial& trial, const LearningCurve& curve) override {
    refuse_non_finite(trial);
    PostgresQuery query(
        "WITH done AS (UPDATE nas_trials SET state = $4, point = $5, metrics = $6, seconds = $7, "
        "  error_kind = $8, error_reason = $9, lease_until = NULL "
        "  WHERE experiment = $1 AND number = $2 AND attempt = $3 AND state = 'running' "
        "  RETURNING number), "
        "kept AS (INSERT INTO nas_curves (experiment, trial, curve) "
        "  SELECT $1, number, $10 FROM done WHERE $10::text IS NOT NULL "
        "  ON CONFLICT (experiment, trial) DO UPDATE SET curve = excluded.curve) "
        "SELECT count(*) FROM done");
    query.bind(id_).bind(trial.number).bind(trial.attempt);
    bind_result(query, trial, choices_);
    curve.empty() ? query.bind_null() : query.bind(to_json(curve).dump());
    return session_.run(query).integer(0, 0) == 1 || finished_before(trial);
  }

  bool give_back(const Trial& trial) override {
    PostgresQuery query(
        "UPDATE nas_trials SET state = 'waiting', lease_until = NULL, seconds = $4 "
        "WHERE experiment = $1 AND number = $2 AND attempt = $3 AND state = 'running'");
    query.bind(id_).bind(trial.number).bind(trial.attempt).bind(trial.seconds);
    return session_.run(query).changes() == 1;
  }

  Standing standing(int64_t number) const override {
    PostgresQuery query(
        "SELECT EXISTS (SELECT FROM nas_trials WHERE experiment = $1 AND number = $2 "
        "    AND state NOT IN ('waiting', 'running')), "
        "  EXISTS (SELECT FROM nas_trials WHERE experiment = $1 "
        "    AND state IN ('waiting', 'running'))");
    const auto rows = session_.run(query.bind(id_).bind(number));
    return {rows.boolean(0, 0), rows.boolean(0, 1)};
  }

  double note_time() override {
    PostgresQuery query(
        "WITH now AS (UPDATE nas_experiments SET seen = clock_timestamp(), "
        "  elapsed = elapsed + coalesce(least(greatest(extract("
        "    epoch FROM clock_timestamp() - seen)::float8, 0), $2), 0) "
        "  WHERE id = $1 RETURNING elapsed) "
        "INSERT INTO nas_state (experiment, key, bytes) "
        "  SELECT $1, 'elapsed', convert_to(elapsed::text, 'UTF8') FROM now "
        "  ON CONFLICT (experiment, key) DO UPDATE SET bytes = excluded.bytes "
        "RETURNING convert_from(bytes, 'UTF8')");
    return session_.run(query.bind(id_).bind(config_.lease)).real(0, 0);
  }

  bool lead() override { return session_.hold({kLeader, id_}); }

  bool busy() const override {
    PostgresQuery query(
        "SELECT EXISTS (SELECT FROM nas_trials WHERE experiment = $1 AND state = 'running' "
        "    AND lease_until > clock_timestamp()) "
        "  OR EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "    AND classid = $2::bigint AND objid = $1::bigint AND database = "
        "      (SELECT oid FROM pg_database WHERE datname = current_database()))");
    return session_.run(query.bind(id_).bind(kLeader)).boolean(0, 0);
  }

 private:
  /// Of several workers that come at once one makes it.
  void make(const SharedExperiment& experiment) {
    session_.run([](PostgresConnection& connection) { migrate(connection); });
    PostgresQuery query(
        "INSERT INTO nas_experiments (name, configuration, folder) VALUES ($1, $2, $3) "
        "ON CONFLICT (name) DO NOTHING");
    session_.run(
        query.bind(experiment.name).bind(experiment.configuration).bind(experiment.folder));
  }

  /// Reading an older database needs its new columns.
  void bring_forward(const SharedExperiment& experiment) {
    int64_t version = 0;
    session_.run([&](PostgresConnection& connection) { version = postgres_schema(connection); });
    if (version == 0) refuse_unknown(experiment);
    if (version == kPostgresSchemaVersion) return;
    PostgresConnection writer(config_.url);
    migrate(writer);
  }

  [[noreturn]] static void refuse_unknown(const SharedExperiment& experiment) {
    throw UsageError(fmt::format("the store: holds no experiment '{}'", experiment.name));
  }

  void find(const SharedExperiment& experiment) {
    PostgresQuery query("SELECT id, configuration FROM nas_experiments WHERE name = $1");
    const auto rows = session_.run(query.bind(experiment.name));
    if (rows.size() == 0) refuse_unknown(experiment);
    id_ = rows.integer(0, 0);
    if (rows.text(0, 1) != experiment.configuration) {
      throw UsageError(fmt::format(
          "the store: holds an experiment '{}' of another configuration; choose another "
          "experiment.name",
          experiment.name));
    }
  }

  void refuse_other_folder(const SharedExperiment& experiment) const {
    const std::string folder = ask("SELECT folder FROM nas_experiments WHERE id = $1").text(0, 0);
    if (folder == experiment.folder) return;
    throw UsageError(fmt::format(
        "the store: the folder of experiment '{}' is {}; all its workers share that one (--out)",
        experiment.name, folder));
  }

  PostgresRows ask(const char* sql) const { return session_.run(PostgresQuery(sql).bind(id_)); }

  std::vector<Trial> select(const char* where, int64_t number) const {
    PostgresQuery query(
        fmt::format("SELECT {} FROM nas_trials WHERE experiment = $1 AND {} ORDER BY number",
                    kTrialColumns, where));
    const auto rows = session_.run(query.bind(id_).bind(number));
    std::vector<Trial> list;
    for (int64_t i = 0; i < rows.size(); ++i) list.push_back(trial_of(rows, i, choices_));
    return list;
  }

  /// Whether this very result was written, by a call whose answer was lost.
  bool finished_before(const Trial& trial) const {
    const auto there = find(trial.number);
    return there && there->attempt == trial.attempt && there->state == trial.state &&
           there->metrics == trial.metrics &&
           there->failure.has_value() == trial.failure.has_value();
  }

  StoreConfig config_;
  std::string worker_;
  Choices choices_;
  mutable PostgresSession session_;
  int64_t id_ = 0;
};

}  // namespace

std::unique_ptr<SharedStore> open_postgres_store(const StoreConfig& config,
                                                 const SharedExperiment& experiment,
                                                 const Choices& choices, OpenMode mode) {
  return std::make_unique<PostgresStore>(config, experiment, choices, mode);
}

}  // namespace nas
