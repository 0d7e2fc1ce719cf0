#include "nas/qubo/point_encoding.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Where parts of an interval end; whole numbers own half a step to both sides.
struct Scale {
  double low;
  double high;
  bool log;

  double at(double part) const {
    return log ? low * std::pow(high / low, part) : low + (high - low) * part;
  }
  int64_t part_of(double value, int64_t parts) const {
    const double whole =
        log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
    return std::clamp(static_cast<int64_t>(whole * static_cast<double>(parts)), int64_t{0},
                      parts - 1);
  }
};

Scale scale_of(const IntegerInterval& domain) {
  return {static_cast<double>(domain.low) - 0.5, static_cast<double>(domain.high) + 0.5,
          domain.log};
}
Scale scale_of(const RealInterval& domain) { return {domain.low, domain.high, domain.log}; }

bool is_cut(const Choice& choice, int64_t levels) {
  if (const auto* real = std::get_if<RealInterval>(&choice.domain)) return real->low < real->high;
  return std::holds_alternative<IntegerInterval>(choice.domain) && cardinality(choice) > levels;
}

int64_t options_of(const Choice& choice, int64_t levels) {
  if (is_cut(choice, levels)) return levels;
  return std::max<int64_t>(cardinality(choice), 1);  // a real interval of one value
}

struct OptionText {
  int64_t option;
  int64_t levels;
  bool cut;

  std::string operator()(const Categorical& domain) const {
    return domain.options[static_cast<size_t>(option)];
  }
  std::string operator()(const IntegerInterval& domain) const {
    return cut ? part(scale_of(domain)) : fmt::format("{}", domain.low + option);
  }
  std::string operator()(const RealInterval& domain) const {
    return cut ? part(scale_of(domain)) : fmt::format("{}", domain.low);
  }
  std::string part(const Scale& scale) const {
    const auto begin = static_cast<double>(option) / static_cast<double>(levels);
    return fmt::format("{:.6g}..{:.6g}", scale.at(begin),
                       scale.at(begin + 1 / static_cast<double>(levels)));
  }
};

struct OptionIndex {
  const Value& value;
  int64_t levels;
  bool cut;

  int64_t operator()(const Categorical&) const { return std::get<int64_t>(value); }
  int64_t operator()(const IntegerInterval& domain) const {
    const int64_t number = std::get<int64_t>(value);
    return cut ? scale_of(domain).part_of(static_cast<double>(number), levels)
               : number - domain.low;
  }
  int64_t operator()(const RealInterval& domain) const {
    return cut ? scale_of(domain).part_of(std::get<double>(value), levels) : 0;
  }
};

struct ValueOfOption {
  int64_t option;
  int64_t levels;
  bool cut;
  double share;  // of the part, where it is one, from its low end

  Value operator()(const Categorical&) const { return option; }
  Value operator()(const IntegerInterval& domain) const {
    if (!cut) return domain.low + option;
    const Scale scale = scale_of(domain);
    const auto drawn = static_cast<int64_t>(std::llround(inside(scale)));
    // A whole number at the edge of a part may belong to the next one.
    const int64_t part = scale.part_of(static_cast<double>(drawn), levels);
    const int64_t step = part < option ? 1 : part > option ? -1 : 0;
    return std::clamp(drawn + step, domain.low, domain.high);
  }
  Value operator()(const RealInterval& domain) const {
    return cut ? std::clamp(inside(scale_of(domain)), domain.low, domain.high) : domain.low;
  }
  double inside(const Scale& scale) const {
    return scale.at((static_cast<double>(option) + share) / static_cast<double>(levels));
  }
};

/// Variables of the earlier choice whose options make this one active; empty where it always is, or
/// where single values of the earlier one have no variables.
std::vector<int64_t> enabling(const Choices& choices, const Choice& choice, int64_t levels,
                              const Meaning& meaning) {
  if (!choice.when) return {};
  const auto parent = static_cast<size_t>(choice.when->choice);
  if (is_cut(choices[parent], levels)) return {};
  const auto* interval = std::get_if<IntegerInterval>(&choices[parent].domain);
  std::vector<int64_t> found;
  for (const int64_t option : choice.when->options) {
    const int64_t place = interval == nullptr ? option : option - interval->low;
    const auto& variables = meaning.choices[parent].variables;
    if (place >= 0 && place < std::ssize(variables)) {
      found.push_back(variables[static_cast<size_t>(place)]);
    }
  }
  return found;
}

}  // namespace

std::optional<Value> middle_value(const Choice& choice, const OneOf& one, int64_t option) {
  const auto options = std::ssize(one.options);
  if (option >= options || options_of(choice, options) != options) return std::nullopt;
  const bool cut = is_cut(choice, options);
  const std::string text = std::visit(OptionText{option, options, cut}, choice.domain);
  if (text != one.options[static_cast<size_t>(option)]) return std::nullopt;
  return std::visit(ValueOfOption{option, options, cut, 0.5}, choice.domain);
}

PointEncoding::PointEncoding(const Choices& choices, int64_t levels)
    : choices_(&choices), levels_(levels) {
  for (const Choice& choice : choices) {
    OneOf one{choice.name, {}, {}, enabling(choices, choice, levels, meaning_)};
    for (int64_t option = 0; option < options_of(choice, levels); ++option) {
      one.variables.push_back(variables());
      one.options.push_back(
          std::visit(OptionText{option, levels, is_cut(choice, levels)}, choice.domain));
      names_.push_back(fmt::format("{}={}", choice.name, one.options.back()));
    }
    meaning_.choices.push_back(std::move(one));
  }
}

QuadraticModel PointEncoding::empty_model() const {
  QuadraticModel model;
  model.names = names_;
  model.linear.resize(names_.size());
  model.meaning = meaning_;
  return model;
}

std::vector<int64_t> PointEncoding::encoded(const Point& point) const {
  std::vector<int64_t> ones;
  for (size_t i = 0; i < choices_->size(); ++i) {
    const Choice& choice = (*choices_)[i];
    if (std::holds_alternative<std::monostate>(point.values[i])) continue;
    const int64_t option =
        std::visit(OptionIndex{point.values[i], levels_, is_cut(choice, levels_)}, choice.domain);
    ones.push_back(meaning_.choices[i].variables[static_cast<size_t>(option)]);
  }
  return ones;
}

std::optional<Point> PointEncoding::decoded(std::span<const int8_t> values,
                                            RandomStream& random) const {
  Point point;
  point.values.resize(choices_->size());
  for (size_t i = 0; i < choices_->size(); ++i) {
    const Choice& choice = (*choices_)[i];
    if (!is_active(choice, point.values)) continue;
    const auto& variables = meaning_.choices[i].variables;
    const auto is_one = [&](const int64_t one) { return values[static_cast<size_t>(one)] == 1; };
    if (std::count_if(variables.begin(), variables.end(), is_one) != 1) return std::nullopt;
    const int64_t option =
        std::find_if(variables.begin(), variables.end(), is_one) - variables.begin();
    const bool cut = is_cut(choice, levels_);
    point.values[i] =
        std::visit(ValueOfOption{option, levels_, cut, cut ? random.uniform() : 0}, choice.domain);
  }
  return point;
}

}  // namespace nas
