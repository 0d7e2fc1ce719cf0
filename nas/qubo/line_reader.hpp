#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// Lines of a text, cut into words at blanks. Errors throw InputError naming file and line.
class LineReader {
 public:
  /// `text` and `file` outlive the reader.
  LineReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  /// The words of the next line that is not blank; nothing at the end.
  std::optional<std::vector<std::string_view>> next();
  /// The whole line that next() gave.
  std::string_view line() const { return current_; }

  /// A whole number of 0 to `most`.
  int64_t index(std::string_view word, int64_t most) const;
  /// A finite number in any notation.
  double number(std::string_view word) const;
  [[noreturn]] void fail(std::string_view found, const std::string& expected) const;

 private:
  std::string_view text_;
  const std::string& file_;
  std::string_view current_;
  int64_t line_ = 0;
};

/// As many digits as it takes to read the same number again, without exponent.
std::string fixed_notation(double value);

}  // namespace nas
