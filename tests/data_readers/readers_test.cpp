#include <algorithm>
#include <cstdlib>
#include <set>

#include "nas/core/error.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/picture_index.hpp"
#include "nas/data/reader.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::Files;
using test::plain_png;
using test::TemporaryFolder;
using test::write_tar;

DataConfig images_at(const std::filesystem::path& path) {
  DataConfig config;
  config.dataset = "images";
  config.path = path.string();
  return config;
}

DataConfig cifar_at(const std::filesystem::path& path) {
  DataConfig config;
  config.dataset = "cifar10";
  config.path = path.string();
  return config;
}

/// Ten pictures each of cats and dogs; picture i of a class is of colour 10 i (+ 1 for dogs).
Files cats_and_dogs(const std::string& prefix) {
  Files files;
  for (int i = 0; i < 10; ++i) {
    const std::string name = std::to_string(i) + ".png";
    files.emplace_back(prefix + "cat/" + name, plain_png(static_cast<uint8_t>(10 * i), 4));
    files.emplace_back(prefix + "dog/" + name, plain_png(static_cast<uint8_t>(10 * i + 1), 4));
  }
  return files;
}

void write_all(const TemporaryFolder& folder, const Files& files) {
  for (const auto& [name, bytes] : files) folder.write(name, bytes);
}

/// `count` records: label i % 10, all pixels `first + i`.
std::string cifar_batch(int count, int first) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += static_cast<char>(i % 10);
    bytes += std::string(3072, static_cast<char>(first + i));
  }
  return bytes;
}

std::set<int> colours(const LabelledImages& images) {
  std::set<int> result;
  const size_t size = images.pixels.size() / images.labels.size();
  for (size_t i = 0; i < images.labels.size(); ++i) result.insert(images.pixels[i * size]);
  return result;
}

std::set<std::string> rows(const LabelledImages& images) {
  std::set<std::string> result;
  const auto size = static_cast<int64_t>(images.pixels.size() / images.labels.size());
  for (int64_t i = 0; i < images.size(); ++i) {
    const auto first = images.pixels.begin() + i * size;
    result.emplace(first, first + size);
  }
  return result;
}

}  // namespace

TEST_CASE("the digits are 1,797 pictures of ten classes, a fifth of them test data", "[data]") {
  const DataConfig config;
  const LabelledImages training = read_training_images(config);
  const LabelledImages test = read_test_images(config);
  REQUIRE(training.shape == Shape{1, 8, 8});
  REQUIRE(training.size() + test.size() == 1797);
  REQUIRE(test.size() == 359);
  REQUIRE(training.class_names.size() == 10);
  REQUIRE(*std::max_element(training.pixels.begin(), training.pixels.end()) == 255);
  for (int64_t c = 0; c < 10; ++c) {
    const auto count = std::count(test.labels.begin(), test.labels.end(), c);
    REQUIRE(count >= 34);
    REQUIRE(count <= 37);
  }
  REQUIRE(task_shape(config).classes == 10);
}

TEST_CASE("no test digit is among the training digits", "[data]") {
  const DataConfig config;
  const auto training = rows(read_training_images(config));
  const auto test = rows(read_test_images(config));
  // All 1,797 digits differ, so equal pixels would mean one and the same example.
  REQUIRE(training.size() + test.size() == 1797);
  for (const auto& row : test) REQUIRE_FALSE(training.contains(row));
}

TEST_CASE("a limit is kept, by class, and does not touch the test data", "[data]") {
  DataConfig config;
  const auto test = read_test_images(config).pixels;
  config.limit = 100;
  const LabelledImages training = read_training_images(config);
  REQUIRE(training.size() == 100);
  for (int64_t c = 0; c < 10; ++c) {
    const auto count = std::count(training.labels.begin(), training.labels.end(), c);
    REQUIRE(std::abs(count - 10) <= 1);
  }
  REQUIRE(read_test_images(config).pixels == test);
}

TEST_CASE("class folders are read from a folder, a tar and a tar.gz alike", "[data]") {
  const TemporaryFolder folder;
  const std::string layout = GENERATE("", "top/");
  const std::string form = GENERATE("folder", "a.tar", "a.tar.gz");
  Files files = cats_and_dogs(layout + "train/");
  files.emplace_back(layout + "test/cat/x.png", plain_png(250, 4));
  files.emplace_back(layout + "test/dog/x.png", plain_png(251, 4));
  files.emplace_back(layout + "README.txt", "not a picture");
  files.emplace_back(layout + "train/cat/._0.png", "rubbish that some systems leave behind");
  // An archive's own order must not matter.
  std::reverse(files.begin(), files.end());
  std::filesystem::path root = folder.path() / "pictures";
  if (form == "folder") {
    for (const auto& [name, bytes] : files) folder.write("pictures/" + name, bytes);
  } else {
    root = folder.path() / form;
    write_tar(root, files);
  }
  const DataConfig config = images_at(root);
  const LabelledImages training = read_training_images(config);
  REQUIRE(training.shape == Shape{3, 4, 4});
  REQUIRE(training.class_names == std::vector<std::string>{"cat", "dog"});
  REQUIRE(training.size() == 20);
  for (int64_t i = 0; i < 20; ++i) {
    const int64_t expected = i < 10 ? 10 * i : 10 * (i - 10) + 1;
    REQUIRE(training.pixels[static_cast<size_t>(i * 48)] == expected);
    REQUIRE(training.labels[static_cast<size_t>(i)] == (i < 10 ? 0 : 1));
  }
  REQUIRE(colours(read_test_images(config)) == std::set<int>{250, 251});
  REQUIRE(task_shape(config).classes == 2);
}

TEST_CASE("test pictures are not decoded for training, nor training pictures for the test",
          "[data]") {
  const TemporaryFolder folder;
  write_all(folder, cats_and_dogs("train/"));
  folder.write("test/cat/x.png", "damaged");
  REQUIRE(read_training_images(images_at(folder.path())).size() == 20);
  REQUIRE_THROWS_WITH(read_test_images(images_at(folder.path())), ContainsSubstring("test/cat/x"));
  folder.write("test/cat/x.png", plain_png(250, 4));
  folder.write("train/dog/9.png", plain_png(1, 4).substr(0, 60));
  REQUIRE(read_test_images(images_at(folder.path())).size() == 1);
  REQUIRE_THROWS_WITH(read_training_images(images_at(folder.path())),
                      ContainsSubstring("train/dog/9.png"));
}

TEST_CASE("damaged test pictures are found without a test, and all others with them", "[data]") {
  const TemporaryFolder folder;
  const std::string layout = GENERATE("", "train/");
  write_all(folder, cats_and_dogs(layout));
  DataConfig config = images_at(folder.path());
  config.image_size = 4;
  if (!layout.empty()) folder.write("test/cat/x.png", plain_png(250, 4));
  REQUIRE_NOTHROW(check_test_images(config));
  // Of what is held out for a test one that is known to be in it.
  const int held_out = *colours(read_test_images(config)).begin();
  const std::string name = held_out % 10 == 0 ? "cat/" : "dog/";
  const std::string damaged =
      layout.empty() ? name + std::to_string(held_out / 10) + ".png" : "test/cat/x.png";
  folder.write(damaged, "damaged");
  REQUIRE_THROWS_WITH(check_test_images(config), ContainsSubstring(damaged + "': expected JPEG"));
  for (int i = 0; i < 10; ++i) {
    folder.write(layout + "dog/" + std::to_string(i) + ".png", "damaged");
  }
  REQUIRE_THROWS_WITH(check_test_images(config),
                      ContainsSubstring(damaged.starts_with("dog") ? ": 10 pictures cannot be read"
                                                                   : ": 11 pictures cannot be"));
  config.test = 0;
  if (layout.empty()) {
    REQUIRE_THROWS_WITH(check_test_images(config), ContainsSubstring("has no test examples"));
  }
}

TEST_CASE("class folders and pictures may be links", "[data]") {
  const TemporaryFolder folder;
  write_all(folder, cats_and_dogs("elsewhere/"));
  const auto root = folder.path() / "pictures";
  std::filesystem::create_directories(root / "dog");
  std::filesystem::create_directory_symlink("../elsewhere/cat", root / "cat");
  std::filesystem::create_symlink("../../elsewhere/dog/3.png", root / "dog/a.png");
  std::filesystem::create_directory_symlink("../..", root / "dog/back");  // and so to itself
  std::filesystem::create_symlink("nowhere", root / "dog/b.png");
  std::filesystem::create_symlink("c.png", root / "dog/c.png");
  DataConfig config = images_at(root);
  config.test = 0;
  const LabelledImages images = read_training_images(config);
  REQUIRE(images.class_names == std::vector<std::string>{"cat", "dog"});
  REQUIRE(std::count(images.labels.begin(), images.labels.end(), 0) == 10);
  REQUIRE(images.pixels[10 * 48] == 31);
}

TEST_CASE("a class whose name is no UTF-8 is refused", "[data]") {
  const TemporaryFolder folder;
  folder.write("gr\xC3\xBCn/x.png", plain_png(1, 4));
  folder.write("rot/x.png", plain_png(2, 4));
  REQUIRE(task_shape(images_at(folder.path())).classes == 2);
  folder.write("wei\xDF/x.png", plain_png(2, 4));
  REQUIRE_THROWS_AS(task_shape(images_at(folder.path())), InputError);
  REQUIRE_THROWS_WITH(
      task_shape(images_at(folder.path())),
      ContainsSubstring("class 'wei\\xdf': found byte 0xdf, expected text in UTF-8"));
}

TEST_CASE("without a test folder test pictures are held out", "[data]") {
  const TemporaryFolder folder;
  write_all(folder, cats_and_dogs(GENERATE("", "train/", "top/", "top/train/")));
  const DataConfig config = images_at(folder.path());
  const auto training = colours(read_training_images(config));
  const auto test = colours(read_test_images(config));
  REQUIRE(training.size() == 16);
  REQUIRE(test.size() == 4);
  for (const int colour : test) REQUIRE_FALSE(training.contains(colour));
}

TEST_CASE("pictures are scaled to the configured size and channels", "[data]") {
  const TemporaryFolder folder;
  write_all(folder, cats_and_dogs(""));
  folder.write("cat/wide.jpg", test::jpeg_of(std::vector<uint8_t>(40 * 20 * 3, 90), 20, 40, 3));
  DataConfig config = images_at(folder.path());
  config.image_size = 6;
  config.channels = 1;
  const LabelledImages images = read_training_images(config);
  REQUIRE(images.shape == Shape{1, 6, 6});
  REQUIRE(images.pixels.size() == static_cast<size_t>(images.size() * 36));
  REQUIRE(task_shape(config).input == Shape{1, 6, 6});
}

TEST_CASE("CIFAR-10 is read from its binary files in a folder and in a tar.gz", "[data]") {
  const TemporaryFolder folder;
  const Files files{{"cifar-10-batches-bin/test_batch.bin", cifar_batch(10, 200)},
                    {"cifar-10-batches-bin/data_batch_2.bin", cifar_batch(20, 100)},
                    {"cifar-10-batches-bin/data_batch_1.bin", cifar_batch(20, 0)},
                    {"cifar-10-batches-bin/batches.meta.txt", "airplane\n"}};
  std::filesystem::path root = folder.path() / "data";
  if (GENERATE(0, 1) == 0) {
    for (const auto& [name, bytes] : files) folder.write("data/" + name, bytes);
  } else {
    root = folder.path() / "cifar.tar.gz";
    write_tar(root, files);
  }
  const LabelledImages training = read_training_images(cifar_at(root));
  REQUIRE(training.shape == Shape{3, 32, 32});
  REQUIRE(training.size() == 40);
  REQUIRE(training.labels[13] == 3);
  REQUIRE(training.pixels[13 * 3072] == 13);
  REQUIRE(training.pixels[25 * 3072 + 3071] == 105);
  REQUIRE(training.class_names[3] == "cat");
  const LabelledImages test = read_test_images(cifar_at(root));
  REQUIRE(test.size() == 10);
  REQUIRE(test.pixels[0] == 200);
}

TEST_CASE("malformed data sets are refused with file, found and expected", "[data]") {
  const TemporaryFolder folder;
  struct Row {
    const char* what;
    Files files;
    DataConfig config;
    std::vector<const char*> messages;
  };
  const auto& root = folder.path();
  std::string wrong_label = cifar_batch(2, 0);
  wrong_label[3073] = 10;
  std::vector<Row> cases;
  cases.push_back({"nothing there", {}, images_at(root / "no"), {"no"}});
  cases.push_back({"no pictures", {{"a/x.txt", ""}}, images_at(root / "a"), {"found 0"}});
  cases.push_back({"one class",
                   {{"b/cat/x.png", plain_png(0, 2)}},
                   images_at(root / "b"),
                   {"at least 2", "found 1"}});
  cases.push_back({"picture outside",
                   {{"c/cat/x.png", ""}, {"c/x.png", ""}, {"c/dog/x.png", ""}},
                   images_at(root / "c"),
                   {"x.png", "class folder"}});
  cases.push_back({"test class unknown",
                   {{"d/train/a/x.png", ""}, {"d/train/b/x.png", ""}, {"d/test/c/x.png", ""}},
                   images_at(root / "d"),
                   {"test/c/x.png", "no training pictures"}});
  cases.push_back({"damaged pictures, all of them named",
                   {{"j/a/x.png", "hello"}, {"j/b/y.png", plain_png(0, 2).substr(0, 50)}},
                   images_at(root / "j"),
                   {"j: 2 pictures", "take them out", "j/a/x.png", "j/b/y.png"}});
  cases.push_back({"not an archive",
                   {{"e.tar.gz", "hello"}},
                   images_at(root / "e.tar.gz"),
                   {"e.tar.gz", "expected a folder"}});
  cases.push_back(
      {"no CIFAR files", {{"f/x.bin", ""}}, cifar_at(root / "f"), {"data_batch_1.bin", "found 1"}});
  cases.push_back({"cut batch",
                   {{"g/data_batch_1.bin", cifar_batch(2, 0).substr(1)}},
                   cifar_at(root / "g"),
                   {"data_batch_1.bin", "6145 bytes", "3073"}});
  cases.push_back({"empty batch", {{"h/data_batch_1.bin", ""}}, cifar_at(root / "h"), {"0 bytes"}});
  cases.push_back({"wrong label",
                   {{"i/data_batch_1.bin", wrong_label}},
                   cifar_at(root / "i"),
                   {"record 1", "label 10", "0 to 9"}});
  for (const Row& row : cases) {
    INFO(row.what);
    write_all(folder, row.files);
    REQUIRE_THROWS_AS(read_training_images(row.config), InputError);
    for (const char* message : row.messages) {
      REQUIRE_THROWS_WITH(read_training_images(row.config), ContainsSubstring(message));
    }
  }
}

TEST_CASE("a damaged archive and a name that comes twice are refused", "[data]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "a.tar.gz";
  write_tar(path, cats_and_dogs(""));
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  REQUIRE_THROWS_AS(read_training_images(images_at(path)), InputError);
  Files twice = cats_and_dogs("");
  twice.push_back(twice.front());
  write_tar(folder.path() / "b.tar", twice);
  REQUIRE_THROWS_WITH(list_files(folder.path() / "b.tar"),
                      ContainsSubstring("cat/0.png") && ContainsSubstring("twice"));
}

TEST_CASE("names in an archive never lead outside of it", "[data]") {
  const TemporaryFolder folder;
  Files files = cats_and_dogs("");
  files.emplace_back("../../outside/cat/evil.txt", "evil");
  write_tar(folder.path() / "a.tar", files);
  REQUIRE(read_training_images(images_at(folder.path() / "a.tar")).size() == 16);
  REQUIRE(list_files(folder.path()) == std::vector<std::string>{"a.tar"});
}

TEST_CASE("the real CIFAR-10 pictures are 50,000 and 10,000", "[data][.slow]") {
  const char* root = std::getenv("NAS_DATA");
  const std::filesystem::path folder =
      root == nullptr ? std::filesystem::path(NAS_SOURCE_DIR) / "../shared/data" : root;
  const auto path = folder / "cifar10/cifar10-jpeg.tar.gz";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not there; set NAS_DATA");
    return;
  }
  const LabelledImages training = read_training_images(images_at(path));
  REQUIRE(training.size() == 50000);
  REQUIRE(training.shape == Shape{3, 32, 32});
  REQUIRE(training.class_names.size() == 10);
  for (int64_t c = 0; c < 10; ++c) {
    REQUIRE(std::count(training.labels.begin(), training.labels.end(), c) == 5000);
  }
  REQUIRE(read_test_images(images_at(path)).size() == 10000);
}

}  // namespace nas
