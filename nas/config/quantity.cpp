#include "nas/config/quantity.hpp"

#include <array>
#include <string>

#include "nas/config/scalar.hpp"

namespace nas {
namespace {

/// `exponent` is appended to the number's text, so that 1.001K is exactly 1001.
struct Unit {
  std::string_view suffix;
  Dimension dimension;
  std::string_view exponent;
  double factor = 1;
};

constexpr double kKibi = 1024;

/// A suffix stands before those that it ends with.
constexpr std::array<Unit, 17> kUnits{{{"ms", Dimension::time, "e-3"},
                                       {"us", Dimension::time, "e-6"},
                                       {"s", Dimension::time, ""},
                                       {"KiB", Dimension::memory, "", kKibi},
                                       {"MiB", Dimension::memory, "", kKibi* kKibi},
                                       {"GiB", Dimension::memory, "", kKibi* kKibi* kKibi},
                                       {"KB", Dimension::memory, "e3"},
                                       {"MB", Dimension::memory, "e6"},
                                       {"GB", Dimension::memory, "e9"},
                                       {"B", Dimension::memory, ""},
                                       {"mJ", Dimension::energy, "e-3"},
                                       {"uJ", Dimension::energy, "e-6"},
                                       {"J", Dimension::energy, ""},
                                       {"k", Dimension::count, "e3"},
                                       {"K", Dimension::count, "e3"},
                                       {"M", Dimension::count, "e6"},
                                       {"G", Dimension::count, "e9"}}};

}  // namespace

std::string_view to_text(Dimension dimension) {
  switch (dimension) {
    case Dimension::count:
      return "a count like 1.5M";
    case Dimension::time:
      return "a time like 5ms";
    case Dimension::memory:
      return "bytes like 256KB";
    case Dimension::energy:
      return "an energy like 2mJ";
  }
  return "";
}

std::optional<Quantity> parse_quantity(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    while (text.ends_with(' ')) text.remove_suffix(1);
    const auto number = parse_real(std::string(text) + std::string(unit.exponent));
    if (!number) return std::nullopt;
    return Quantity{*number * unit.factor, unit.dimension};
  }
  const auto number = parse_real(text);
  return number ? std::optional(Quantity{*number, Dimension::count}) : std::nullopt;
}

}  // namespace nas
