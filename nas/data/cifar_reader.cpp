#include <algorithm>
#include <array>
#include <filesystem>

#include "nas/core/error.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/source.hpp"

namespace nas {
namespace {

constexpr Shape kShape{3, 32, 32};
constexpr size_t kPixels = size_t{3} * 32 * 32;
constexpr size_t kRecord = 1 + kPixels;
constexpr size_t kMostBytes = size_t{1} << 30;

bool is_training_file(const std::string& name) {
  const std::string file = std::filesystem::path(name).filename().string();
  return file.starts_with("data_batch_") && file.ends_with(".bin");
}

bool is_test_file(const std::string& name) {
  return std::filesystem::path(name).filename() == "test_batch.bin";
}

/// The binary version of https://www.cs.toronto.edu/~kriz/cifar.html: records of one label byte and
/// 3 x 32 x 32 bytes, planes of red, green and blue.
class CifarSource final : public DataSource {
 public:
  explicit CifarSource(const DataConfig& config) : root_(config.path), files_(list_files(root_)) {}

  TaskShape task() override { return {kShape, static_cast<int64_t>(class_names().size())}; }

  const std::vector<std::string>& class_names() const override {
    static const std::vector<std::string> names{"airplane", "automobile", "bird",  "cat",  "deer",
                                                "dog",      "frog",       "horse", "ship", "truck"};
    return names;
  }

  bool has_test() const override { return std::any_of(files_.begin(), files_.end(), is_test_file); }

  std::vector<int64_t> labels(DataPart part) override {
    load(part);
    return labels_;
  }

  void read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) override {
    load(part);
    into.pixels = choose_pixels(pixels_, kShape, chosen);
  }

 private:
  /// Records of the part's files, in the order of the files' names.
  void load(DataPart part) {
    if (loaded_ && part_ == part) return;
    const auto wanted = part == DataPart::training ? is_training_file : is_test_file;
    std::vector<std::pair<std::string, std::string>> batches;
    size_t total = 0;
    visit_files(root_, wanted, [&](const std::string& name, const std::string& bytes) {
      if ((total += bytes.size()) > kMostBytes) {
        throw InputError("'" + root_.string() + "': expected at most 1 GiB of pictures");
      }
      check_batch(name, bytes);
      batches.emplace_back(name, bytes);
    });
    if (batches.empty()) {
      const char* expected =
          part == DataPart::training ? "data_batch_1.bin and on" : "test_batch.bin";
      throw InputError("'" + root_.string() + "': expected " + expected + ", found " +
                       std::to_string(files_.size()) + " other files");
    }
    std::sort(batches.begin(), batches.end());
    labels_.clear();
    pixels_.clear();
    for (const auto& [name, bytes] : batches) append(bytes);
    part_ = part;
    loaded_ = true;
  }

  void check_batch(const std::string& name, const std::string& bytes) const {
    const std::string where = std::string("'") + root_.string() + "', file '" + name + "': ";
    if (bytes.empty() || bytes.size() % kRecord != 0) {
      throw InputError(where + "found " + std::to_string(bytes.size()) +
                       " bytes, expected a multiple of " + std::to_string(kRecord));
    }
    for (size_t i = 0; i < bytes.size(); i += kRecord) {
      const int label = static_cast<uint8_t>(bytes[i]);
      if (label > 9) {
        throw InputError(where + "record " + std::to_string(i / kRecord) + " has label " +
                         std::to_string(label) + ", expected 0 to 9");
      }
    }
  }

  void append(const std::string& bytes) {
    for (size_t i = 0; i < bytes.size(); i += kRecord) {
      labels_.push_back(static_cast<uint8_t>(bytes[i]));
      const auto* first = reinterpret_cast<const uint8_t*>(bytes.data()) + i + 1;
      pixels_.insert(pixels_.end(), first, first + kPixels);
    }
  }

  std::filesystem::path root_;
  std::vector<std::string> files_;
  bool loaded_ = false;
  DataPart part_ = DataPart::training;
  std::vector<int64_t> labels_;
  std::vector<uint8_t> pixels_;
};

}  // namespace

std::unique_ptr<DataSource> open_cifar(const DataConfig& config) {
  return std::make_unique<CifarSource>(config);
}

}  // namespace nas
