#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// What a file's name says about its example.
struct NameFields {
  std::string label;
  std::string group;
};

/// How names of files are made, such as `{label}/*`, `{label}_{group}_*` or
/// `{label}/{group}_nohash_*`: fields and `*`, which stands for anything, and the texts between
/// them. It is held against the end of a name, without the extension and over as many folders as
/// it has. A field, and a `*`, ends where the text behind it comes for the first time; it is not
/// empty and has no `/` in it.
class NamePattern {
 public:
  /// Throws InputError for anything else in braces, without `{label}`, with a field that comes
  /// twice and for two of them side by side.
  explicit NamePattern(const std::string& text);

  bool has_group() const { return has_group_; }
  /// Nothing where the name is not made like this.
  std::optional<NameFields> match(std::string_view name) const;

 private:
  enum class Part { text, label, group, anything };
  struct Piece {
    Part part = Part::text;
    std::string text;
  };

  void add(Part part, std::string text, const std::string& pattern);

  std::vector<Piece> pieces_;
  size_t folders_ = 0;
  bool has_group_ = false;
};

}  // namespace nas
