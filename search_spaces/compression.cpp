#include "search_spaces/compression.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/search/compression.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kPer{std::pair{"stage"sv, Compression::Per::stage},
                          std::pair{"layer"sv, Compression::Per::layer}};

template <class Number>
Categorical scale_of(const std::vector<Number>& numbers) {
  Categorical domain{{}, true, {numbers.begin(), numbers.end()}};
  for (const Number number : numbers) domain.options.push_back(fmt::format("{}", number));
  return domain;
}

template <class Number>
int64_t index_of(const std::vector<Number>& numbers, Number wanted) {
  const auto found = std::find(numbers.begin(), numbers.end(), wanted);
  if (found == numbers.end()) {
    throw InputError(fmt::format("compression: found {}, which is none of the choices", wanted));
  }
  return found - numbers.begin();
}

class CompressionSpace : public Space {
 public:
  CompressionSpace(const CompressionOptions& options, const TaskShape& task)
      : options_(options), task_(task) {
    for (int64_t part = 1; part <= options.parts; ++part) {
      choices_.push_back({fmt::format("keep_{}", part), scale_of(options.keep), std::nullopt});
      choices_.push_back({fmt::format("bits_{}", part), scale_of(options.bits), std::nullopt});
    }
  }

  std::string_view name() const override { return "compression"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::optional<NetworkPlan> network(const Point&) const override { return std::nullopt; }

  std::string text(const Point& point) const override {
    Compression compression{options_.per, {}, {}};
    for (size_t i = 0; i < point.values.size(); i += 2) {
      compression.keep.push_back(options_.keep[chosen(point, i)]);
      compression.bits.push_back(options_.bits[chosen(point, i + 1)]);
    }
    return to_text(compression);
  }
  Point parse(std::string_view text) const override {
    const Compression compression = compression_from_text(text);
    if (compression.per != options_.per || std::ssize(compression.keep) != options_.parts) {
      throw InputError(fmt::format("compression '{}': expected {} numbers of each kind, per {}",
                                   text, options_.parts,
                                   options_.per == Compression::Per::stage ? "stage" : "layer"));
    }
    Point point;
    for (size_t i = 0; i < compression.keep.size(); ++i) {
      point.values.emplace_back(index_of(options_.keep, compression.keep[i]));
      point.values.emplace_back(index_of(options_.bits, compression.bits[i]));
    }
    return point;
  }
  Settings settings(const Point& point) const override {
    return {{std::string(kCompression), text(point)}};
  }

 private:
  static size_t chosen(const Point& point, size_t choice) {
    return static_cast<size_t>(std::get<int64_t>(point.values[choice]));
  }

  CompressionOptions options_;
  TaskShape task_;
  Choices choices_;
};

/// Numbers as texts, checked one by one and ascending.
template <class Number, class Parse>
void describe_scale(Section& section, std::string_view name, std::vector<Number>& numbers,
                    std::string_view expected, std::string_view meaning, const Parse& parse) {
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const Number number : numbers) texts.push_back(fmt::format("{}", number));
  section.texts(name, texts, meaning);
  numbers.clear();
  for (const std::string& text : texts) {
    const std::optional<Number> number = parse(text);
    if (!number || (!numbers.empty() && *number <= numbers.back())) {
      return section.mistake(
          name, fmt::format("found '{}', expected {}, in ascending order", text, expected));
    }
    numbers.push_back(*number);
  }
  if (numbers.empty()) section.mistake(name, "is empty, expected at least one");
}

}  // namespace

void describe(Section& section, CompressionOptions& options) {
  section.one_of("per", options.per, kPer,
                 "what has choices of its own: a stage, all layers whose maps are of one size; or "
                 "a layer");
  section.integer("parts", options.parts, {1, 1000, "stages or layers"},
                  "that have choices; all further ones have those of the last");
  describe_scale(section, "keep", options.keep, "shares above 0 and at most 1",
                 "shares of its channels that a part may keep; those that cannot go apart go by "
                 "the first of their layers",
                 [](const std::string& text) -> std::optional<double> {
                   const auto whole = parse_integer(text);
                   const auto share = whole ? static_cast<double>(*whole) : parse_real(text);
                   return share && *share > 0 && *share <= 1 ? share : std::nullopt;
                 });
  describe_scale(section, "bits", options.bits, "4 or 8", "that a part's weights may have",
                 [](const std::string& text) -> std::optional<int64_t> {
                   const auto bits = parse_integer(text);
                   return bits && (*bits == 4 || *bits == kUsualBits) ? bits : std::nullopt;
                 });
}

std::unique_ptr<Space> make_compression(const CompressionOptions& options, TaskShape task) {
  return std::make_unique<CompressionSpace>(options, task);
}

}  // namespace nas
