#include "nas/core/error.hpp"
#include "nas/data/reader.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::TemporaryFolder;

std::string word(uint32_t value) {
  std::string bytes;
  for (const uint32_t shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(value >> shift & 255U);
  return bytes;
}

std::string idx_of(const std::vector<uint32_t>& sizes, const std::string& values) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(sizes.size())};
  for (const uint32_t size : sizes) bytes += word(size);
  return bytes + values;
}

DataConfig config_of(const TemporaryFolder& folder) {
  DataConfig config;
  config.dataset = "idx";
  config.path = folder.path().string();
  return config;
}

std::string problem_of(const std::string& images, const std::string& labels) {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", images);
  if (!labels.empty()) folder.write("train-labels-idx1-ubyte", labels);
  try {
    read_training_images(config_of(folder));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("Pictures of IDX files come with their labels and their own test split", "[idx]") {
  const TemporaryFolder folder;
  folder.write("train-images.idx3-ubyte", idx_of({2, 1, 2}, "abcd"));
  folder.write("train-labels.idx1-ubyte", idx_of({2}, {'\x01', '\0'}));
  folder.write("t10k-images.idx3-ubyte", idx_of({1, 1, 2}, "xy"));
  folder.write("t10k-labels.idx1-ubyte", idx_of({1}, {'\x01'}));
  const LabelledImages training = read_training_images(config_of(folder));
  CHECK(training.shape == Shape{1, 1, 2});
  CHECK(training.pixels == std::vector<uint8_t>{'a', 'b', 'c', 'd'});
  CHECK(training.labels == std::vector<int64_t>{1, 0});
  CHECK(training.class_names == std::vector<std::string>{"0", "1"});
  const LabelledImages test = read_test_images(config_of(folder));
  CHECK(test.pixels == std::vector<uint8_t>{'x', 'y'});
  CHECK(test.labels == std::vector<int64_t>{1});
}

TEST_CASE("IDX files that do not fit are refused with what was found", "[idx]") {
  const std::string labels = idx_of({2}, {'\x01', '\0'});
  CHECK_THAT(problem_of(idx_of({2, 1, 2}, "abc"), labels), ContainsSubstring("found 3 bytes"));
  CHECK_THAT(problem_of(idx_of({3, 1, 1}, "abc"), labels),
             ContainsSubstring("found 3 pictures and 2 labels"));
  CHECK_THAT(problem_of(idx_of({2, 2}, "abcd"), labels), ContainsSubstring("with 3 axes"));
  CHECK_THAT(problem_of("short", labels), ContainsSubstring("expected an IDX file"));
  CHECK_THAT(problem_of(idx_of({1 << 30, 1 << 30, 1 << 30}, "ab"), labels),
             ContainsSubstring("found 2 bytes"));
  CHECK_THAT(problem_of("\x1f\x8b damaged", labels), ContainsSubstring("damaged"));
  CHECK_THAT(problem_of(idx_of({2, 1, 1}, "ab"), ""),
             ContainsSubstring("expected a file like train-labels-idx1-ubyte"));
}

}  // namespace nas
