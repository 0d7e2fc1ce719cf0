#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <span>

#include "nas/core/error.hpp"
#include "nas/core/gzip.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/idx_files.hpp"
#include "nas/data/source.hpp"

namespace nas {
namespace {

constexpr size_t kMostBytes = size_t{4} << 30;

std::string unpacked(const std::string& bytes, const std::string& where) {
  constexpr std::string_view kGzip("\x1f\x8b", 2);
  if (!bytes.starts_with(kGzip)) return bytes;
  try {
    const auto* first = reinterpret_cast<const uint8_t*>(bytes.data());
    return inflate_gzip(std::span(first, bytes.size()), where, kMostBytes);
  } catch (const RunError& error) {
    throw InputError(error.what());
  }
}

/// Sizes of the axes and the bytes behind them.
struct Idx {
  std::vector<int64_t> sizes;
  std::string bytes;
};

/// http://yann.lecun.com/exdb/mnist: two zeros, 8 for bytes, the number of axes, the size of each
/// in four bytes, the most significant first, then the values.
Idx parse_idx(const std::string& bytes, size_t axes, const std::string& where) {
  const auto byte = [&](size_t at) {
    return static_cast<int64_t>(static_cast<uint8_t>(bytes[at]));
  };
  const size_t head = 4 + 4 * axes;
  const bool right = bytes.size() >= head && byte(0) == 0 && byte(1) == 0 && byte(2) == 8 &&
                     byte(3) == static_cast<int64_t>(axes);
  if (!right) {
    throw InputError(fmt::format("{}: expected an IDX file of bytes with {} axes", where, axes));
  }
  Idx idx;
  auto left = static_cast<int64_t>(bytes.size() - head);
  for (size_t i = 0; i < axes; ++i) {
    int64_t size = 0;
    for (size_t j = 0; j < 4; ++j) size = size * 256 + byte(4 + 4 * i + j);
    idx.sizes.push_back(size);
    left = size == 0 || left % size != 0 ? 0 : left / size;
  }
  if (left != 1) {
    throw InputError(fmt::format("{}: found {} bytes of values, expected those of {} examples",
                                 where, bytes.size() - head, idx.sizes.front()));
  }
  idx.bytes = bytes.substr(head);
  return idx;
}

/// Grey pictures and their labels in the files of MNIST and its like.
class IdxSource final : public DataSource {
 public:
  explicit IdxSource(const DataConfig& config) : root_(config.path), files_(list_files(root_)) {
    load(DataPart::training);
    const auto most = *std::max_element(labels_.begin(), labels_.end());
    for (int64_t i = 0; i <= most; ++i) class_names_.push_back(std::to_string(i));
    if (class_names_.size() < 2) throw InputError(where() + "expected at least 2 classes, found 1");
  }

  TaskShape task() override { return {shape_, static_cast<int64_t>(class_names_.size())}; }
  const std::vector<std::string>& class_names() const override { return class_names_; }
  bool has_test() const override { return !file(DataPart::test, kIdxImages).empty(); }

  std::vector<int64_t> labels(DataPart part) override {
    load(part);
    return labels_;
  }

  void read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) override {
    load(part);
    into.pixels = choose_pixels(pixels_, shape_, chosen);
  }

 private:
  std::string where() const { return "'" + root_.string() + "': "; }

  /// The file of this part and kind; empty where there is none.
  std::string file(DataPart part, std::string_view kind) const {
    for (const auto& name : files_) {
      if (is_idx_file(name, kind) && is_idx_test(name) == (part == DataPart::test)) return name;
    }
    return "";
  }

  Idx read_file_of(DataPart part, std::string_view kind, size_t axes) const {
    const std::string wanted = file(part, kind);
    if (wanted.empty()) {
      throw InputError(fmt::format("{}expected a file like {}-{}-{}", where(),
                                   part == DataPart::training ? "train" : "t10k",
                                   kind == kIdxImages ? "images" : "labels", kind));
    }
    Idx idx;
    visit_files(
        root_, [&](const std::string& name) { return name == wanted; },
        [&](const std::string& name, const std::string& bytes) {
          const std::string place = fmt::format("'{}', file '{}'", root_.string(), name);
          idx = parse_idx(unpacked(bytes, place), axes, place);
        });
    return idx;
  }

  void load(DataPart part) {
    if (!pixels_.empty() && part_ == part) return;
    const Idx images = read_file_of(part, kIdxImages, 3);
    const Idx labels = read_file_of(part, kIdxLabels, 1);
    if (images.sizes[0] != labels.sizes[0]) {
      throw InputError(fmt::format("{}found {} pictures and {} labels", where(), images.sizes[0],
                                   labels.sizes[0]));
    }
    const Shape shape{1, images.sizes[1], images.sizes[2]};
    if (!class_names_.empty()) check_test(labels, shape);
    shape_ = shape;
    pixels_.assign(images.bytes.begin(), images.bytes.end());
    labels_.clear();
    for (const char label : labels.bytes) labels_.push_back(static_cast<uint8_t>(label));
    part_ = part;
  }

  /// What is loaded after the training part must be like it.
  void check_test(const Idx& labels, const Shape& shape) const {
    const bool known = std::all_of(labels.bytes.begin(), labels.bytes.end(), [&](char label) {
      return static_cast<uint8_t>(label) < class_names_.size();
    });
    if (!known) throw InputError(where() + "the test labels name a class that training lacks");
    if (!(shape == shape_)) throw InputError(where() + "test pictures are of another size");
  }

  std::filesystem::path root_;
  std::vector<std::string> files_;
  DataPart part_ = DataPart::training;
  Shape shape_{0, 0, 0};
  std::vector<std::string> class_names_;
  std::vector<int64_t> labels_;
  std::vector<uint8_t> pixels_;
};

}  // namespace

bool is_idx_file(std::string_view name, std::string_view kind) {
  return name.find(kind) != std::string_view::npos;
}

bool is_idx_test(std::string_view name) {
  const auto file = std::filesystem::path(name).filename().string();
  return file.starts_with("t10k") || file.starts_with("test");
}

std::unique_ptr<DataSource> open_idx(const DataConfig& config) {
  return std::make_unique<IdxSource>(config);
}

}  // namespace nas
