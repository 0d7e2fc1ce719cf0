#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nas {

/// Reads an architecture's text from left to right; every error says where it stands.
class TextScanner {
 public:
  /// `what` names the notation in messages.
  TextScanner(std::string_view text, std::string_view what) : text_(text), what_(what) {}

  bool at_end() const { return position_ == text_.size(); }
  void skip_spaces();
  /// Whether `token` comes next; if so it is passed.
  bool accept(std::string_view token);
  void expect(std::string_view token);
  /// Letters, digits and underscores, at least one.
  std::string name();
  int64_t number();
  /// All up to the next space or the end.
  std::string_view word();
  [[noreturn]] void fail(std::string_view expected) const;

 private:
  std::string_view text_;
  std::string_view what_;
  size_t position_ = 0;
};

}  // namespace nas
