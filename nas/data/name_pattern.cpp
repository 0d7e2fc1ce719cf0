#include "nas/data/name_pattern.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"

namespace nas {
namespace {

[[noreturn]] void refuse(const std::string& pattern, const std::string& problem) {
  throw InputError(fmt::format("names: found '{}', {}", pattern, problem));
}

/// The last folders of a name and the file's own name, without its extension.
std::optional<std::string_view> tail_of(std::string_view name, size_t folders) {
  const size_t file = name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1;
  const size_t dot = name.rfind('.');
  const std::string_view stem =
      dot != std::string_view::npos && dot > file ? name.substr(0, dot) : name;
  size_t begin = file;
  for (size_t i = 0; i < folders; ++i) {
    if (begin == 0) return std::nullopt;
    const size_t slash = begin >= 2 ? name.rfind('/', begin - 2) : std::string_view::npos;
    begin = slash == std::string_view::npos ? 0 : slash + 1;
  }
  return stem.substr(begin);
}

}  // namespace

NamePattern::NamePattern(const std::string& text) {
  size_t place = 0;
  while (place < text.size()) {
    const std::string_view rest = std::string_view(text).substr(place);
    if (rest.front() == '*') {
      add(Part::anything, "*", text);
    } else if (rest.front() == '{') {
      const std::string_view field = rest.substr(0, rest.find('}') + 1);
      if (field != "{label}" && field != "{group}") refuse(text, "expected {label} or {group}");
      add(field == "{label}" ? Part::label : Part::group, std::string(field), text);
    } else {
      add(Part::text, std::string(rest.substr(0, rest.find_first_of("{*"))), text);
    }
    place += pieces_.back().text.size();
  }
  const auto count = [&](Part part) {
    return std::count_if(pieces_.begin(), pieces_.end(),
                         [&](const Piece& piece) { return piece.part == part; });
  };
  if (count(Part::label) != 1) refuse(text, "expected {label} in it once");
  if (count(Part::group) > 1) refuse(text, "expected {group} in it at most once");
  has_group_ = count(Part::group) == 1;
  folders_ = static_cast<size_t>(std::count(text.begin(), text.end(), '/'));
}

void NamePattern::add(Part part, std::string text, const std::string& pattern) {
  if (part != Part::text && !pieces_.empty() && pieces_.back().part != Part::text) {
    refuse(pattern, "expected a text between what stands for a part of a name");
  }
  pieces_.push_back({part, std::move(text)});
}

std::optional<NameFields> NamePattern::match(std::string_view name) const {
  auto rest = tail_of(name, folders_);
  if (!rest) return std::nullopt;
  NameFields fields;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const auto& [part, text] = pieces_[i];
    if (part == Part::text) {
      if (!rest->starts_with(text)) return std::nullopt;
      rest->remove_prefix(text.size());
      continue;
    }
    // A text at the end of the pattern is that at the end of the name.
    const bool last = i + 2 >= pieces_.size();
    const size_t length = i + 1 == pieces_.size() ? rest->size()
                          : last                  ? rest->rfind(pieces_[i + 1].text)
                                                  : rest->find(pieces_[i + 1].text, 1);
    if (length == std::string_view::npos || length == 0) return std::nullopt;
    const std::string_view found = rest->substr(0, length);
    if (found.find('/') != std::string_view::npos) return std::nullopt;
    if (part == Part::label) fields.label = found;
    if (part == Part::group) fields.group = found;
    rest->remove_prefix(length);
  }
  return rest->empty() ? std::optional(fields) : std::nullopt;
}

}  // namespace nas
