#include "nas/store/postgres.hpp"

#include <fmt/core.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

struct Setting {
  const char* keyword;
  const char* value;
};

/// Those of the address win. A peer that is gone without a word is noticed by them.
constexpr std::array<Setting, 6> kUsualSettings{{{"connect_timeout", "10"},
                                                 {"keepalives_idle", "10"},
                                                 {"keepalives_interval", "5"},
                                                 {"keepalives_count", "3"},
                                                 {"tcp_user_timeout", "30000"},
                                                 {"application_name", "nas"}}};

constexpr int kMostRefusals = 3;

/// The server's side of the same.
constexpr const char* kSession =
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "
    "SET client_min_messages = warning";

bool passes(std::string_view state) {
  return state.starts_with("08") || state.starts_with("40") || state.starts_with("53") ||
         state.starts_with("57P");
}

/// The first line of a message of libpq.
std::string first_line(const char* message) {
  const std::string_view text(message);
  return printable(text.substr(0, text.find('\n')));
}

std::string valid_text(std::string_view text) {
  std::string without_zeros(text);
  std::replace(without_zeros.begin(), without_zeros.end(), '\0', ' ');
  const std::string quoted =
      Json(without_zeros).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(quoted).get<std::string>();
}

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using ConnectionOptions = std::unique_ptr<PQconninfoOption, FreeOptions>;

struct Parameters {
  std::vector<const char*> keywords, values;  // each ends with a null pointer
};

/// A server that starts or ends may refuse us and take the next one: only one that refuses several
/// times and answers others in between has its reasons.
pg_conn* connect(const Parameters& to, const std::string& name) {
  for (int tries = 1;; ++tries) {
    pg_conn* connection =
        PQconnectdbParams(to.keywords.data(), to.values.data(), /*expand_dbname=*/1);
    if (PQstatus(connection) == CONNECTION_OK) return connection;
    const std::string reason = fmt::format("{}: {}", name, first_line(PQerrorMessage(connection)));
    PQfinish(connection);
    if (PQpingParams(to.keywords.data(), to.values.data(), 1) != PQPING_OK) {
      throw StoreUnavailable(reason);
    }
    if (tries == kMostRefusals) throw RunError(reason);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

std::string option(const ConnectionOptions& options, std::string_view keyword) {
  for (const auto* one = options.get(); one->keyword != nullptr; ++one) {
    if (keyword == one->keyword && one->val != nullptr) return one->val;
  }
  return "";
}

}  // namespace

PostgresQuery& PostgresQuery::bind(int64_t value) {
  values_.emplace_back(std::to_string(value));
  formats_.push_back(0);
  return *this;
}

PostgresQuery& PostgresQuery::bind(double value) {
  values_.emplace_back(fmt::format("{}", value));  // the shortest text that reads as this number
  formats_.push_back(0);
  return *this;
}

PostgresQuery& PostgresQuery::bind(std::string_view text) {
  values_.emplace_back(valid_text(text));
  formats_.push_back(0);
  return *this;
}

PostgresQuery& PostgresQuery::bind_bytes(std::string_view bytes) {
  values_.emplace_back(bytes);
  formats_.push_back(1);
  return *this;
}

PostgresQuery& PostgresQuery::bind_null() {
  values_.emplace_back(std::nullopt);
  formats_.push_back(0);
  return *this;
}

PostgresRows::PostgresRows(pg_result* result)
    : result_(result, [](pg_result* owned) { PQclear(owned); }) {}

int64_t PostgresRows::size() const { return PQntuples(result_.get()); }

std::string_view PostgresRows::value(int64_t row, int column) const {
  const int index = static_cast<int>(row);
  return {PQgetvalue(result_.get(), index, column),
          static_cast<size_t>(PQgetlength(result_.get(), index, column))};
}

int64_t PostgresRows::integer(int64_t row, int column) const {
  return std::strtoll(value(row, column).data(), nullptr, 10);
}

double PostgresRows::real(int64_t row, int column) const {
  return std::strtod(value(row, column).data(), nullptr);
}

bool PostgresRows::boolean(int64_t row, int column) const { return value(row, column) == "t"; }

std::string PostgresRows::text(int64_t row, int column) const {
  return std::string(value(row, column));
}

std::string PostgresRows::bytes(int64_t row, int column) const {
  const std::string hex(value(row, column));
  size_t length = 0;
  unsigned char* raw =
      PQunescapeBytea(reinterpret_cast<const unsigned char*>(hex.c_str()), &length);
  std::string result(reinterpret_cast<const char*>(raw), length);
  PQfreemem(raw);
  return result;
}

bool PostgresRows::is_null(int64_t row, int column) const {
  return PQgetisnull(result_.get(), static_cast<int>(row), column) != 0;
}

int64_t PostgresRows::changes() const {
  return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10);
}

std::string PostgresRows::tag() const { return PQcmdStatus(result_.get()); }

std::optional<PostgresPlace> postgres_place(const std::string& url) {
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://")) return std::nullopt;
  char* problem = nullptr;
  const ConnectionOptions options(PQconninfoParse(url.c_str(), &problem));
  PQfreemem(problem);  // it may quote a password
  if (!options) return std::nullopt;
  PostgresPlace place;
  place.holds_password =
      !option(options, "password").empty() || !option(options, "sslpassword").empty();
  const std::string port = option(options, "port");
  place.name = fmt::format("postgresql://{}{}/{}", option(options, "host"),
                           port.empty() ? "" : ":" + port, option(options, "dbname"));
  return place;
}

PostgresConnection::PostgresConnection(const std::string& url) {
  const auto place = postgres_place(url);
  if (!place) throw UsageError("the store's url is no address of PostgreSQL");
  name_ = place->name;
  std::vector<const char*> keywords, values;
  for (const auto& setting : kUsualSettings) {
    keywords.push_back(setting.keyword);
    values.push_back(setting.value);
  }
  keywords.insert(keywords.end(), {"dbname", nullptr});
  values.insert(values.end(), {url.c_str(), nullptr});
  connection_ = connect({keywords, values}, name_);
  // What the server remarks beside answers is for its own log.
  PQsetNoticeProcessor(
      connection_, [](void*, const char*) {}, nullptr);
  try {
    execute(kSession);
  } catch (...) {
    PQfinish(connection_);
    throw;
  }
}

PostgresConnection::~PostgresConnection() { PQfinish(connection_); }

bool PostgresConnection::broken() const { return PQstatus(connection_) != CONNECTION_OK; }

PostgresRows PostgresConnection::run(const PostgresQuery& query) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  for (const auto& value : query.values_) {
    values.push_back(value ? value->c_str() : nullptr);
    lengths.push_back(value ? static_cast<int>(value->size()) : 0);
  }
  return PostgresRows(checked(
      PQexecParams(connection_, query.sql_.c_str(), static_cast<int>(values.size()), nullptr,
                   values.data(), lengths.data(), query.formats_.data(), /*resultFormat=*/0)));
}

void PostgresConnection::execute(const char* sql) { PQclear(checked(PQexec(connection_, sql))); }

void PostgresConnection::commit() {
  const PostgresRows done(checked(PQexec(connection_, "COMMIT")));
  if (done.tag() != "COMMIT") throw RunError(name_ + ": the transaction was undone");
}

pg_result* PostgresConnection::checked(pg_result* result) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
  const PostgresRows owner(result);
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string reason = fmt::format(
      "{}: {}", name_, first_line(primary != nullptr ? primary : PQerrorMessage(connection_)));
  if (broken() || (state != nullptr && passes(state))) throw StoreUnavailable(reason);
  throw RunError(reason);
}

}  // namespace nas
