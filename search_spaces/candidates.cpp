#include "search_spaces/candidates.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

template <class Number, class Parse>
void describe_list(Section& section, const CandidateList& list, std::vector<Number>& values,
                   const Parse& parse) {
  std::vector<std::string> texts = categorical_of(values).options;
  section.texts(list.name, texts, list.meaning);
  values.clear();
  for (const auto& text : texts) {
    const auto value = parse(text);
    const bool fits = value && static_cast<double>(*value) >= list.low &&
                      static_cast<double>(*value) <= list.high;
    if (!fits || (!values.empty() && *value <= values.back())) {
      section.mistake(list.name, fmt::format("found '{}', expected ascending numbers from {} to {}",
                                             text, list.low, list.high));
      continue;
    }
    values.push_back(*value);
  }
  if (texts.empty()) section.mistake(list.name, "is empty, expected at least one number");
}

}  // namespace

void describe_candidates(Section& section, const CandidateList& list,
                         std::vector<int64_t>& values) {
  describe_list(section, list, values, parse_integer);
}

void describe_candidates(Section& section, const CandidateList& list, std::vector<double>& values) {
  describe_list(section, list, values, parse_real);
}

Categorical categorical_of(const std::vector<int64_t>& values) {
  Categorical domain;
  for (const int64_t value : values) domain.options.push_back(fmt::format("{}", value));
  return domain;
}

Categorical categorical_of(const std::vector<double>& values) {
  Categorical domain;
  for (const double value : values) domain.options.push_back(real_text(value));
  return domain;
}

std::optional<Condition> from_number(const std::vector<int64_t>& counts, size_t index,
                                     int64_t least) {
  if (least <= counts.front()) return std::nullopt;
  Condition condition{static_cast<int64_t>(index), {}};
  for (size_t i = 0; i < counts.size(); ++i) {
    if (least <= counts[i]) condition.options.push_back(static_cast<int64_t>(i));
  }
  return condition;
}

int64_t scan_option(TextScanner& scanner, const Categorical& domain) {
  int64_t best = -1;
  size_t longest = 0;
  for (size_t i = 0; i < domain.options.size(); ++i) {
    const std::string& option = domain.options[i];
    if (option.size() <= longest || !TextScanner(scanner).accept(option)) continue;
    longest = option.size();
    best = static_cast<int64_t>(i);
  }
  if (best < 0) scanner.fail(fmt::format("one of {}", fmt::join(domain.options, ", ")));
  scanner.expect(domain.options[static_cast<size_t>(best)]);
  return best;
}

}  // namespace nas
