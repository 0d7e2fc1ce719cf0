#include "nas/cooling/load_trace.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/cooling/weather.hpp"
#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr std::string_view kColumn = "cpu_load";

size_t load_column(CsvReader& reader, const std::string& file) {
  const auto head = reader.next();
  if (head) {
    const auto found = std::find_if(head->begin(), head->end(),
                                    [](const CsvCell& cell) { return cell.text == kColumn; });
    if (found != head->end()) return static_cast<size_t>(found - head->begin());
  }
  throw InputError(fmt::format("{}:1: expected a column '{}'", file, kColumn));
}

}  // namespace

std::vector<double> read_load_trace(std::string_view text, const std::string& file) {
  CsvReader reader(text, file);
  const size_t column = load_column(reader, file);
  std::vector<double> load;
  while (const auto record = reader.next()) {
    const std::string found = column < record->size() ? (*record)[column].text : "";
    const auto value = finite_number(found);
    if (!value || *value < 0 || *value > 1) {
      throw InputError(fmt::format("{}:{}: {}: found '{}', expected a number of 0 to 1", file,
                                   record->front().line, kColumn, printable(found)));
    }
    if (load.size() < kHoursOfYear) load.push_back(*value);
  }
  if (load.size() < kHoursOfYear) {
    throw InputError(
        fmt::format("{}: found {} hours, expected at least {}", file, load.size(), kHoursOfYear));
  }
  return load;
}

}  // namespace nas
