#include "nas/run/import_csv.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// What a cell says, or what it was expected to say.
using Read = std::variant<Value, std::string>;

struct ReadValue {
  const std::string& text;

  Read operator()(const Categorical& domain) const {
    const auto option = std::find(domain.options.begin(), domain.options.end(), text);
    if (option != domain.options.end()) return Value(option - domain.options.begin());
    const auto number = finite_number(text);
    const auto meant = number ? std::find(domain.numbers.begin(), domain.numbers.end(), *number)
                              : domain.numbers.end();
    if (meant != domain.numbers.end()) return Value(meant - domain.numbers.begin());
    return fmt::format("one of {}", fmt::join(domain.options, ", "));
  }
  Read operator()(const IntegerInterval& domain) const {
    int64_t value = 0;
    // A column of whole numbers with empty cells has 3.0 for 3 where pandas wrote it.
    const size_t point = text.find('.');
    const bool zeros = point != text.npos && text.find_first_not_of('0', point + 1) == text.npos;
    const auto* const end = text.data() + (zeros ? point : text.size());
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const bool whole = error == std::errc() && stop == end;
    if (whole && value >= domain.low && value <= domain.high) return Value(value);
    return fmt::format("a whole number from {} to {}", domain.low, domain.high);
  }
  Read operator()(const RealInterval& domain) const {
    const auto value = finite_number(text);
    if (value && *value >= domain.low && *value <= domain.high) return Value(*value);
    return fmt::format("a number from {} to {}", domain.low, domain.high);
  }
};

/// Reads one file and collects its mistakes.
class KnownTrialsReader {
 public:
  KnownTrialsReader(std::string file, const Choices& choices, const Objectives& objectives)
      : file_(std::move(file)), choices_(choices), objectives_(objectives) {}

  std::vector<KnownTrial> read(std::string_view text) {
    CsvReader reader(text, file_);
    const auto header = reader.next();
    if (!header) throw InputError(file_ + ": found an empty file, expected a header line");
    read_header(*header);
    // Cells mean something only below a header that is right.
    if (!mistakes_.empty()) throw ConfigError(mistakes_);
    std::vector<KnownTrial> trials;
    while (const auto record = reader.next()) {
      const bool blank = record->size() == 1 && record->front().text.empty();
      if (!blank) trials.push_back(trial_of(*record));
    }
    if (!mistakes_.empty()) throw ConfigError(mistakes_);
    return trials;
  }

 private:
  void complain(const CsvCell& cell, const std::string& problem) {
    mistakes_.push_back(fmt::format("{}:{}:{}: {}", file_, cell.line, cell.column, problem));
  }

  void read_header(const CsvRecord& header) {
    header_ = header;
    for (size_t i = 0; i < header.size(); ++i) {
      const auto& name = header[i].text;
      const auto same = [&](const CsvCell& cell) { return cell.text == name; };
      if (name.empty()) complain(header[i], "found a column without a name");
      if (!name.empty() &&
          std::any_of(header.begin(), header.begin() + static_cast<long>(i), same)) {
        complain(header[i], fmt::format("found the column '{}' twice", printable(name)));
      }
    }
    for (const auto& choice : choices_) {
      if (!column_of(choice.name) && cardinality(choice) != 1) {
        complain(header.front(), fmt::format("found no column '{}' of the space", choice.name));
      }
    }
    for (const auto& objective : objectives_) {
      if (column_of(objective.metric)) continue;
      complain(header.front(),
               fmt::format("found no column '{}' of an objective", objective.metric));
    }
  }

  std::optional<size_t> column_of(const std::string& name) const {
    for (size_t i = 0; i < header_.size(); ++i) {
      if (header_[i].text == name) return i;
    }
    return std::nullopt;
  }

  KnownTrial trial_of(const CsvRecord& record) {
    KnownTrial trial;
    if (record.size() != header_.size()) {
      complain(record.front(), fmt::format("found {} cells, expected {} as in the header",
                                           record.size(), header_.size()));
      return trial;
    }
    mistaken_.clear();
    for (const auto& choice : choices_) {
      const size_t mistakes = mistakes_.size();
      trial.point.values.push_back(value_of(choice, record, trial));
      const bool mistaken = mistakes_.size() > mistakes || depends_on_mistake(choice);
      if (mistaken) mistaken_.insert(static_cast<int64_t>(trial.point.values.size()) - 1);
    }
    for (size_t i = 0; i < record.size(); ++i) {
      if (!is_choice(header_[i].text)) read_metric(record[i], header_[i].text, trial.metrics);
    }
    return trial;
  }

  /// monostate where the choice is not active, or where its cell or that of the choice which
  /// decides about it is a mistake.
  Value value_of(const Choice& choice, const CsvRecord& record, const KnownTrial& trial) {
    if (depends_on_mistake(choice)) return {};
    const auto column = column_of(choice.name);
    const bool active = is_active(choice, trial.point.values);
    if (!column) return active ? only_value(choice) : Value();
    const CsvCell& cell = record[*column];
    if (!active && cell.text.empty()) return {};
    if (!active) {
      complain(cell, fmt::format("{}: found '{}', expected nothing: it is not active beside the "
                                 "other values",
                                 choice.name, printable(cell.text)));
      return {};
    }
    const Read read = std::visit(ReadValue{cell.text}, choice.domain);
    if (const auto* value = std::get_if<Value>(&read)) return *value;
    complain(cell, fmt::format("{}: found '{}', expected {}", choice.name, printable(cell.text),
                               std::get<std::string>(read)));
    return {};
  }

  bool depends_on_mistake(const Choice& choice) const {
    return choice.when && mistaken_.contains(choice.when->choice);
  }

  static Value only_value(const Choice& choice) {
    const auto* interval = std::get_if<IntegerInterval>(&choice.domain);
    return interval != nullptr ? interval->low : int64_t{0};
  }

  bool is_choice(const std::string& name) const {
    return std::any_of(choices_.begin(), choices_.end(),
                       [&](const Choice& choice) { return choice.name == name; });
  }

  void read_metric(const CsvCell& cell, const std::string& name, Metrics& metrics) {
    const bool needed =
        std::any_of(objectives_.begin(), objectives_.end(),
                    [&](const Objective& objective) { return objective.metric == name; });
    if (cell.text.empty() && !needed) return;
    if (const auto value = finite_number(cell.text)) {
      metrics[name] = *value;
    } else {
      complain(cell, fmt::format("{}: found '{}', expected a finite number", printable(name),
                                 printable(cell.text)));
    }
  }

  std::string file_;
  const Choices& choices_;
  const Objectives& objectives_;
  CsvRecord header_;
  std::vector<std::string> mistakes_;
  std::set<int64_t> mistaken_;  // choices of the present line
};

}  // namespace

std::vector<KnownTrial> read_known_trials(const std::filesystem::path& file, const Choices& choices,
                                          const Objectives& objectives) {
  return KnownTrialsReader(file.string(), choices, objectives).read(read_file(file));
}

}  // namespace nas
