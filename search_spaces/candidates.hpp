#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nas/search/choice.hpp"

namespace nas {

class Section;
class TextScanner;

/// A key of a configuration that lists the numbers which a choice is taken from.
struct CandidateList {
  std::string_view name;
  double low = 0;
  double high = 0;
  std::string_view meaning;
};

/// Reads the list: at least one number, each in the range and more than the one before it.
void describe_candidates(Section& section, const CandidateList& list, std::vector<int64_t>& values);
void describe_candidates(Section& section, const CandidateList& list, std::vector<double>& values);

/// A categorical of these numbers as text.
Categorical categorical_of(const std::vector<int64_t>& values);
Categorical categorical_of(const std::vector<double>& values);

/// Active while the choice `index`, one of `counts`, is at least `least`; nothing where it always
/// is.
std::optional<Condition> from_number(const std::vector<int64_t>& counts, size_t index,
                                     int64_t least);

/// Index of the option that the text goes on with, the longest that fits; fails naming them all.
int64_t scan_option(TextScanner& scanner, const Categorical& domain);

}  // namespace nas
