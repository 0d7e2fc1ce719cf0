#include <fmt/core.h>
#include <sqlite3.h>

#include "nas/core/error.hpp"
#include "nas/core/host.hpp"
#include "nas/core/json.hpp"
#include "nas/store/finite.hpp"
#include "nas/store/migrations.hpp"
#include "nas/store/sqlite.hpp"
#include "nas/store/trial_store.hpp"

namespace nas {
namespace {

void refuse_network_file_system(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::error_code error;
  if (!std::filesystem::exists(folder, error)) return;  // opening the file says so
  const FileSystemFacts facts = file_system_facts(folder);
  if (!facts.corrupts_logs) return;
  throw RunError(
      fmt::format("{}: lies on {}, where SQLite's log can corrupt; put the run's "
                  "folder on a local disk",
                  path.string(), facts.kind));
}

constexpr const char* kColumns =
    "number, job, state, point, budget, seed, metrics, started, seconds, error_kind, error_reason, "
    "continues, cutoffs";

/// Reading an older file needs its new columns.
void bring_forward(const std::filesystem::path& path) {
  SqliteDatabase database(path, SQLITE_OPEN_READWRITE);
  migrate(database, path.string());
}

class SqliteStore : public TrialStore {
 public:
  SqliteStore(const std::filesystem::path& path, const Choices& choices, OpenMode mode)
      : file_(path.string()),
        choices_(choices),
        database_(path, mode == OpenMode::read_only ? SQLITE_OPEN_READONLY
                                                    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) {
    if (mode == OpenMode::read_only) {
      if (has_older_schema(database_, file_)) bring_forward(path);
      return;
    }
    database_.execute("PRAGMA journal_mode = WAL");
    database_.execute("PRAGMA synchronous = FULL");
    migrate(database_, file_);
  }

  void transaction(const std::function<void()>& change) override {
    database_.execute("BEGIN IMMEDIATE");
    try {
      change();
      database_.execute("COMMIT");
    } catch (...) {
      roll_back();
      throw;
    }
  }

  void add(const Trial& trial) override {
    write(
        "INSERT INTO trials (job, state, point, budget, seed, metrics, started, seconds, "
        "error_kind, error_reason, continues, cutoffs, number) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        trial);
  }

  void update(const Trial& trial) override {
    write(
        "UPDATE trials SET job = ?, state = ?, point = ?, budget = ?, seed = ?, metrics = ?, "
        "started = ?, seconds = ?, error_kind = ?, error_reason = ?, continues = ?, cutoffs = ? "
        "WHERE number = ?",
        trial);
    if (database_.changes() != 1) {
      throw RunError(fmt::format("{}: trial {} is not there to update", file_, trial.number));
    }
  }

  std::optional<Trial> find(int64_t number) const override {
    auto query = database_.prepare(fmt::format("SELECT {} FROM trials WHERE number = ?", kColumns));
    query.bind(1, number);
    return query.step() ? std::optional(trial_of(query)) : std::nullopt;
  }

  std::vector<Trial> trials(int64_t first) const override {
    auto query = database_.prepare(
        fmt::format("SELECT {} FROM trials WHERE number >= ? ORDER BY number", kColumns));
    query.bind(1, first);
    std::vector<Trial> list;
    while (query.step()) list.push_back(trial_of(query));
    return list;
  }

  int64_t size() const override {
    auto query = database_.prepare("SELECT count(*) FROM trials");
    query.step();
    return query.integer(0);
  }

  void put_curve(int64_t number, const LearningCurve& curve) override {
    const std::string text = to_json(curve).dump();
    auto query = database_.prepare("INSERT OR REPLACE INTO curves (trial, curve) VALUES (?, ?)");
    query.bind(1, number).bind(2, text).step();
  }

  LearningCurve curve(int64_t number) const override {
    auto query = database_.prepare("SELECT curve FROM curves WHERE trial = ?");
    query.bind(1, number);
    return query.step() ? curve_from_json(Json::parse(query.text(0))) : LearningCurve();
  }

  void put(std::string_view key, std::string_view bytes) override {
    auto query = database_.prepare("INSERT OR REPLACE INTO state (key, bytes) VALUES (?, ?)");
    query.bind(1, key).bind(2, bytes).step();
  }

  std::optional<std::string> get(std::string_view key) const override {
    auto query = database_.prepare("SELECT bytes FROM state WHERE key = ?");
    query.bind(1, key);
    return query.step() ? std::optional(query.text(0)) : std::nullopt;
  }

 private:
  /// A transaction that failed may already be gone (disk full): that is no second error.
  void roll_back() {
    try {
      database_.execute("ROLLBACK");
    } catch (const RunError&) {
      return;
    }
  }

  void write(const char* sql, const Trial& trial) {
    refuse_non_finite(trial);
    const std::string point = trial.point ? to_json(choices_, *trial.point).dump() : "";
    const std::string metrics = Json(trial.metrics).dump();
    const std::string cutoffs = trial.cutoffs ? to_json(*trial.cutoffs).dump() : "";
    auto query = database_.prepare(sql);
    query.bind(1, to_text(trial.job)).bind(2, to_text(trial.state));
    trial.point ? query.bind(3, point) : query.bind_null(3);
    query.bind(4, trial.budget).bind(5, static_cast<int64_t>(trial.seed)).bind(6, metrics);
    query.bind(7, trial.started).bind(8, trial.seconds);
    trial.failure ? query.bind(9, trial.failure->kind) : query.bind_null(9);
    trial.failure ? query.bind(10, trial.failure->reason) : query.bind_null(10);
    trial.continues ? query.bind(11, *trial.continues) : query.bind_null(11);
    trial.cutoffs ? query.bind(12, cutoffs) : query.bind_null(12);
    query.bind(13, trial.number).step();
  }

  Trial trial_of(const SqliteQuery& query) const {
    Trial trial;
    trial.number = query.integer(0);
    trial.job = job_from_text(query.text(1));
    trial.state = trial_state_from_text(query.text(2));
    if (!query.is_null(3)) trial.point = point_from_json(choices_, Json::parse(query.text(3)));
    trial.budget = query.real(4);
    trial.seed = static_cast<uint64_t>(query.integer(5));
    trial.metrics = Json::parse(query.text(6)).get<Metrics>();
    trial.started = query.real(7);
    trial.seconds = query.real(8);
    if (!query.is_null(9)) trial.failure = Failure{query.text(9), query.text(10)};
    if (!query.is_null(11)) trial.continues = query.integer(11);
    if (!query.is_null(12)) trial.cutoffs = cutoffs_from_json(Json::parse(query.text(12)));
    return trial;
  }

  std::string file_;
  Choices choices_;
  SqliteDatabase database_;
};

}  // namespace

std::unique_ptr<TrialStore> open_sqlite_store(const std::filesystem::path& path,
                                              const Choices& choices, OpenMode mode) {
  refuse_network_file_system(path);
  return std::make_unique<SqliteStore>(path, choices, mode);
}

}  // namespace nas
