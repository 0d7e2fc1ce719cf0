#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <unordered_map>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/damaged_pictures.hpp"
#include "nas/data/image_decode.hpp"
#include "nas/data/picture_index.hpp"
#include "nas/data/source.hpp"

namespace nas {
namespace {

class ImageFolderSource final : public DataSource {
 public:
  explicit ImageFolderSource(const DataConfig& config)
      : root_(config.path),
        channels_(config.channels),
        side_(config.image_size),
        index_(index_pictures(list_files(root_), root_.string())) {}

  TaskShape task() override {
    if (shape_.channels == 0) shape_ = side_ > 0 ? Shape{channels_, side_, side_} : first_shape();
    return {shape_, static_cast<int64_t>(index_.class_names.size())};
  }

  const std::vector<std::string>& class_names() const override { return index_.class_names; }
  bool has_test() const override { return !index_.test.empty(); }

  std::vector<int64_t> labels(DataPart part) override {
    std::vector<int64_t> labels;
    for (const PictureFile& file : files(part)) labels.push_back(file.label);
    return labels;
  }

  void read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) override {
    const Shape shape = task().input;
    const auto size = static_cast<size_t>(shape.channels * shape.height * shape.width);
    std::vector<uint8_t> pixels(chosen.size() * size);
    DamagedPictures damaged;
    decode(places_of(part, chosen), damaged, [&](size_t place, const Picture& picture) {
      scale_picture(picture, shape, pixels.data() + place * size);
    });
    damaged.refuse(root_.string());
    into.pixels = std::move(pixels);
  }

  /// Where one is damaged all others are tried, too, whatever their part: they are told at once.
  void check(DataPart part, const std::vector<int64_t>& chosen) override {
    const auto drop = [](size_t, const Picture&) {
      if (stop_requested()) throw Interrupted();
    };
    DamagedPictures damaged;
    decode(places_of(part, chosen), damaged, drop);
    if (damaged.none()) return;
    Places everything;
    for (const auto* part_files : {&index_.training, &index_.test}) {
      for (const PictureFile& file : *part_files) everything.emplace(file.name, 0);
    }
    DamagedPictures all;
    decode(everything, all, drop);
    all.refuse(root_.string());
  }

 private:
  /// By name of the file, where its picture stands among those that are read.
  using Places = std::unordered_map<std::string, size_t>;

  const std::vector<PictureFile>& files(DataPart part) const {
    return part == DataPart::training ? index_.training : index_.test;
  }

  Places places_of(DataPart part, const std::vector<int64_t>& chosen) const {
    Places places;
    for (size_t i = 0; i < chosen.size(); ++i) {
      places.emplace(files(part)[static_cast<size_t>(chosen[i])].name, i);
    }
    return places;
  }

  void decode(const Places& places, DamagedPictures& damaged,
              const std::function<void(size_t place, const Picture&)>& take) const {
    visit_files(
        root_, [&](const std::string& name) { return places.contains(name); },
        [&](const std::string& name, const std::string& bytes) {
          damaged.attempt(
              [&] { take(places.at(name), decode_picture(bytes, channels_, full_name(name))); });
        });
  }

  std::string full_name(const std::string& name) const { return (root_ / name).string(); }

  /// Of the first picture that can be read; who reads the others names those that cannot.
  Shape first_shape() const {
    DamagedPictures damaged;
    std::optional<Shape> shape;
    for (const PictureFile& file : index_.training) {
      damaged.attempt([&] { shape = shape_of(file.name); });
      if (shape) return *shape;
    }
    damaged.refuse(root_.string());
    return {};
  }

  Shape shape_of(const std::string& wanted) const {
    Shape shape;
    visit_files(
        root_, [&](const std::string& name) { return name == wanted; },
        [&](const std::string& name, const std::string& bytes) {
          shape = picture_shape(bytes, channels_, full_name(name));
        });
    return shape;
  }

  std::filesystem::path root_;
  int64_t channels_;
  int64_t side_;
  PictureIndex index_;
  Shape shape_{0, 0, 0};
};

}  // namespace

std::unique_ptr<DataSource> open_image_folder(const DataConfig& config) {
  return std::make_unique<ImageFolderSource>(config);
}

}  // namespace nas
