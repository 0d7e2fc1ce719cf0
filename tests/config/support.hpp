#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/config/section.hpp"
#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"

namespace nas {

/// A structure with a field of every kind.
struct Everything {
  bool flag = false;
  int64_t count = 10;
  double rate = 0.1;
  double time = 60;
  std::string name = "default";
  std::string color = "red";
  std::vector<std::string> words{"a"};
  std::string file;
  int64_t depth = 2;
  std::vector<int64_t> sizes;
  std::vector<std::pair<std::string, int64_t>> named;
  std::vector<std::pair<std::string, std::string>> pairs{{"x", "1"}};

  bool operator==(const Everything&) const = default;
};

inline void describe(Section& section, Everything& all) {
  static constexpr std::array<std::string_view, 3> kColors{"red", "green", "blue"};
  section.boolean("flag", all.flag, "a flag");
  section.integer("count", all.count, {1, 100'000, "epochs"}, "a count");
  section.real("rate", all.rate, {0, 1, ""}, "a rate");
  section.duration("time", all.time, {1, 1e6, ""}, "a time");
  section.text("name", all.name, "a name");
  section.one_of("color", all.color, std::span<const std::string_view>(kColors), "a color");
  section.texts("words", all.words, "some words");
  section.path("file", all.file, "a file");
  section.section("inner", "a section", [&](Section& inner) {
    inner.integer("depth", all.depth, {0, 50, ""}, "a depth");
  });
  section.items("list", "a list", [&](Section& item) {
    item.required({"size"});
    item.integer("size", all.sizes.emplace_back(), {1, 9, ""}, "a size");
  });
  section.entries("named", "named sections", [&](const std::string& key, Section& entry) {
    entry.integer("value", all.named.emplace_back(key, 0).second, {}, "a value");
  });
  section.scalars("pairs", all.pairs, "pairs");
}

inline Everything read_everything(std::string_view text,
                                  const std::vector<std::string>& overrides = {}) {
  Everything all;
  read_config_text(text, "test.yaml", overrides, [&](Section& s) { describe(s, all); });
  return all;
}

/// The mistakes that reading complains of; empty where it does not.
inline std::vector<std::string> mistakes_of(std::string_view text,
                                            const std::function<void(Section&)>& description,
                                            const std::vector<std::string>& overrides = {}) {
  try {
    read_config_text(text, "test.yaml", overrides, description);
  } catch (const ConfigError& error) {
    return error.diagnostics();
  }
  return {};
}

inline std::vector<std::string> mistakes_of(std::string_view text,
                                            const std::vector<std::string>& overrides = {}) {
  Everything all;
  return mistakes_of(
      text, [&](Section& s) { describe(s, all); }, overrides);
}

}  // namespace nas
