#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nas {

struct IntegerRange {
  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();
  std::string_view unit = {};
};

struct RealRange {
  double low = -std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::max();
  std::string_view unit = {};
};

/// Names of the user's choosing, each with one or more texts.
using TextLists = std::vector<std::pair<std::string, std::vector<std::string>>>;

/// One mapping of a configuration. A config struct describes itself to a Section once, a line a
/// field: `section.integer("epochs", config.epochs, {1, 100000}, "passes over the training data")`.
/// A reader fills the fields and collects every mistake; a manual prints names, ranges, defaults
/// and meanings. The value that a field has when it is described is its default.
class Section {
 public:
  virtual ~Section() = default;

  virtual void boolean(std::string_view name, bool& value, std::string_view meaning) = 0;
  /// Accepts 1000, 1e6 when integral, and the suffixes K, M, G (powers of 1000).
  virtual void integer(std::string_view name, int64_t& value, const IntegerRange& range,
                       std::string_view meaning) = 0;
  virtual void real(std::string_view name, double& value, const RealRange& range,
                    std::string_view meaning) = 0;
  /// Seconds; accepts 90, 90s, 10m, 2h, 1d.
  virtual void duration(std::string_view name, double& seconds, const RealRange& range,
                        std::string_view meaning) = 0;
  virtual void text(std::string_view name, std::string& value, std::string_view meaning) = 0;
  /// A text out of `allowed`.
  virtual void one_of(std::string_view name, std::string& value,
                      std::span<const std::string_view> allowed, std::string_view meaning) = 0;
  /// A list of scalars, each as text.
  virtual void texts(std::string_view name, std::vector<std::string>& values,
                     std::string_view meaning) = 0;
  /// A file or folder that must exist; relative to the folder of the config file, absolute after.
  virtual void path(std::string_view name, std::string& value, std::string_view meaning) = 0;

  /// A nested mapping; absent reads as empty.
  virtual void section(std::string_view name, std::string_view meaning,
                       const std::function<void(Section&)>& describe) = 0;
  /// A list of mappings.
  virtual void items(std::string_view name, std::string_view meaning,
                     const std::function<void(Section&)>& describe) = 0;
  /// A mapping with keys of the user's choosing, each value a mapping.
  virtual void entries(std::string_view name, std::string_view meaning,
                       const std::function<void(const std::string& key, Section&)>& describe) = 0;
  /// A mapping with keys of the user's choosing, each value a scalar, in the order of the file.
  virtual void scalars(std::string_view name,
                       std::vector<std::pair<std::string, std::string>>& values,
                       std::string_view meaning) = 0;
  /// The same, each value a scalar or a list of scalars.
  virtual void text_lists(std::string_view name, TextLists& values, std::string_view meaning) = 0;
  /// A program and its arguments. The program is found in PATH or is a file; it, and each argument
  /// that names a file beside the config file or in the current folder, is absolute after.
  virtual void program(std::string_view name, std::vector<std::string>& command,
                       std::string_view meaning) = 0;

  /// Says that these keys have no default.
  virtual void required(std::initializer_list<std::string_view> names) = 0;
  /// Whether the configuration gives this key.
  virtual bool has(std::string_view name) const = 0;
  /// A mistake that only the meaning shows, at the place of key `name` (or of the mapping where the
  /// key is absent): "workers: found 8, expected at most ...".
  virtual void mistake(std::string_view name, const std::string& problem) = 0;

  /// Like one_of, for an enumeration with its names.
  template <class Enum, size_t N>
  void one_of(std::string_view name, Enum& value,
              const std::array<std::pair<std::string_view, Enum>, N>& names,
              std::string_view meaning) {
    std::array<std::string_view, N> allowed;
    std::string text_value;
    for (size_t i = 0; i < N; ++i) {
      allowed[i] = names[i].first;
      if (names[i].second == value) text_value = names[i].first;
    }
    one_of(name, text_value, std::span<const std::string_view>(allowed), meaning);
    for (const auto& [label, candidate] : names) {
      if (label == text_value) value = candidate;
    }
  }
};

}  // namespace nas
