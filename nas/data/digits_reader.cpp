#include <algorithm>
#include <charconv>
#include <string_view>

#include "nas/core/error.hpp"
#include "nas/core/gzip.hpp"
#include "nas/data/embedded_digits.hpp"
#include "nas/data/source.hpp"

namespace nas {
namespace {

constexpr Shape kShape{1, 8, 8};
constexpr int64_t kPixels = 64;
constexpr int kLargestValue = 16;
constexpr int kClasses = 10;

/// The next number of comma-separated lines; moves `rest` behind it and its separator.
int next_number(std::string_view& rest, int largest) {
  int value = -1;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || value < 0 || value > largest) {
    throw RunError("embedded digits: expected a number of 0 to " + std::to_string(largest));
  }
  rest.remove_prefix(static_cast<size_t>(end - rest.data()));
  rest.remove_prefix(std::min<size_t>(rest.size(), 1));
  return value;
}

/// 1,797 images of 8 x 8, 0 to 16 in the file and 0 to 255 here; no test split.
class DigitsSource final : public DataSource {
 public:
  DigitsSource() {
    const std::string text = inflate_gzip(embedded_digits(), "embedded digits");
    std::string_view rest = text;
    while (!rest.empty()) {
      for (int64_t i = 0; i < kPixels; ++i) {
        const int value = next_number(rest, kLargestValue);
        pixels_.push_back(static_cast<uint8_t>((value * 255 + kLargestValue / 2) / kLargestValue));
      }
      labels_.push_back(next_number(rest, kClasses - 1));
    }
    for (int i = 0; i < kClasses; ++i) class_names_.push_back(std::to_string(i));
  }

  TaskShape task() override { return {kShape, kClasses}; }
  const std::vector<std::string>& class_names() const override { return class_names_; }
  bool has_test() const override { return false; }
  std::vector<int64_t> labels(DataPart) override { return labels_; }
  void read(DataPart, const std::vector<int64_t>& chosen, LabelledImages& into) override {
    into.pixels = choose_pixels(pixels_, kShape, chosen);
  }

 private:
  std::vector<uint8_t> pixels_;
  std::vector<int64_t> labels_;
  std::vector<std::string> class_names_;
};

}  // namespace

std::unique_ptr<DataSource> open_digits() { return std::make_unique<DigitsSource>(); }

}  // namespace nas
