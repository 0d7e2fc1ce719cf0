#include "nas/cooling/weather.hpp"

#include <fmt/core.h>

#include "nas/cooling/psychrometrics.hpp"
#include "nas/core/csv.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

constexpr int kHeaderLines = 8;
constexpr size_t kFields = 35;

/// A field of EPW's "Data Dictionary" with the range that it gives.
struct Field {
  size_t position;  // from 0
  std::string_view name;
  double low;
  double high;
};

constexpr Field kDryBulb{6, "dry bulb", -70, 70};
constexpr Field kHumidity{8, "relative humidity", 0, 110};
constexpr Field kPressure{9, "pressure", 31000, 120000};

double number(const CsvRecord& record, const Field& field, const std::string& file) {
  const CsvCell& cell = record[field.position];
  const auto value = finite_number(cell.text);
  if (value && *value >= field.low && *value <= field.high) return *value;
  throw InputError(fmt::format("{}:{}:{}: {}: found '{}', expected a number of {} to {}", file,
                               cell.line, cell.column, field.name, printable(cell.text), field.low,
                               field.high));
}

std::string read_headers(CsvReader& reader, const std::string& file) {
  const auto location = reader.next();
  if (!location || location->front().text != "LOCATION" || location->size() < 2) {
    throw InputError(file + ":1: expected the line LOCATION of an EPW file");
  }
  for (int i = 1; i < kHeaderLines; ++i) {
    if (!reader.next()) throw InputError(file + ": ends within its eight header lines");
  }
  return (*location)[1].text;
}

}  // namespace

Weather read_epw(std::string_view text, const std::string& file) {
  CsvReader reader(text, file);
  Weather weather;
  weather.site = read_headers(reader, file);
  while (const auto record = reader.next()) {
    if (record->size() != kFields) {
      throw InputError(fmt::format("{}:{}: found {} fields, expected {}", file,
                                   record->front().line, record->size(), kFields));
    }
    const double dry = number(*record, kDryBulb, file);
    const double humidity = number(*record, kHumidity, file);
    weather.dry_bulb.push_back(dry);
    weather.wet_bulb.push_back(wet_bulb(dry, humidity, number(*record, kPressure, file)));
  }
  if (weather.dry_bulb.size() != kHoursOfYear) {
    throw InputError(fmt::format("{}: found {} hours, expected {}", file, weather.dry_bulb.size(),
                                 kHoursOfYear));
  }
  return weather;
}

}  // namespace nas
