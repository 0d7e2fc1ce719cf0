#include "nas/run/trial_folders.hpp"

#include "nas/core/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

struct Scene {
  Scratch scratch;
  RunFolder run{scratch.path()};
  TrialFolders folders{run};

  std::filesystem::path of(int64_t number) const { return run.checkpoints(Job::evaluate, number); }
  Trial ended(int64_t number) {
    std::filesystem::create_directories(of(number));
    write_file_atomically(of(number) / "step-3.safetensors", "weights");
    Trial trial;
    trial.number = number;
    folders.ended(trial);
    return trial;
  }
};

Trial continuing(int64_t number, int64_t parent) {
  Trial trial;
  trial.number = number;
  trial.continues = parent;
  return trial;
}

TEST_CASE("A promoted trial starts with the files of its parent, and neither changes the other's") {
  Scene scene;
  scene.ended(4);
  scene.folders.inherit(continuing(9, 4));
  const auto file = scene.of(9) / "step-3.safetensors";
  CHECK(read_file(file) == "weights");
  write_file_atomically(file, "newer");
  CHECK(read_file(scene.of(4) / "step-3.safetensors") == "weights");
  scene.folders.forget([](int64_t) { return false; });
  CHECK_FALSE(std::filesystem::exists(scene.of(4)));
  CHECK(read_file(file) == "newer");
}

TEST_CASE("A later attempt of a promoted trial keeps what it has itself") {
  Scene scene;
  scene.ended(4);
  scene.folders.inherit(continuing(9, 4));
  write_file_atomically(scene.of(9) / "step-3.safetensors", "its own");
  scene.folders.inherit(continuing(9, 4));
  CHECK(read_file(scene.of(9) / "step-3.safetensors") == "its own");
}

TEST_CASE("What a killed process left of an inheritance is done again whole") {
  Scene scene;
  scene.ended(4);
  auto half = scene.of(9);
  half += ".tmp";
  std::filesystem::create_directories(half);
  write_file_atomically(half / "step-1.safetensors", "old");
  scene.folders.inherit(continuing(9, 4));
  CHECK_FALSE(std::filesystem::exists(half));
  CHECK_FALSE(std::filesystem::exists(scene.of(9) / "step-1.safetensors"));
  CHECK(std::filesystem::exists(scene.of(9) / "step-3.safetensors"));
}

TEST_CASE("A trial whose parent's files are gone starts without any") {
  Scene scene;
  scene.folders.inherit(continuing(9, 4));
  CHECK_FALSE(std::filesystem::exists(scene.of(9)));
}

TEST_CASE("Only folders of ended trials that nothing needs are removed") {
  Scene scene;
  for (const int64_t number : {1, 2, 3}) scene.ended(number);
  std::filesystem::create_directories(scene.of(5));  // of a trial under way
  scene.folders.forget([](int64_t number) { return number == 2; });
  CHECK_FALSE(std::filesystem::exists(scene.of(1)));
  CHECK(std::filesystem::exists(scene.of(2)));
  CHECK_FALSE(std::filesystem::exists(scene.of(3)));
  CHECK(std::filesystem::exists(scene.of(5)));
}

TEST_CASE("A later attempt goes on from the newest one, apart from who still works on that") {
  Scene scene;
  Trial trial;
  trial.number = 12;
  trial.attempt = 1;
  const auto first = scene.folders.begin(trial);
  std::filesystem::create_directories(first);
  write_file_atomically(first / "step-3.safetensors", "three");
  trial.attempt = 3;  // nobody began the second one
  const auto third = scene.folders.begin(trial);
  CHECK(third != first);
  CHECK(read_file(third / "step-3.safetensors") == "three");
  write_file_atomically(first / "step-3.safetensors", "of a worker that lost its lease");
  CHECK(read_file(third / "step-3.safetensors") == "three");
  scene.folders.settle(trial);
  scene.folders.settle(trial);
  CHECK(read_file(scene.of(12) / "step-3.safetensors") == "three");
  CHECK_FALSE(std::filesystem::exists(first));
  CHECK_FALSE(std::filesystem::exists(third));
}

TEST_CASE("The first attempt of a promoted trial begins with its parent's files") {
  Scene scene;
  scene.ended(4);
  Trial trial = continuing(9, 4);
  trial.attempt = 1;
  CHECK(read_file(scene.folders.begin(trial) / "step-3.safetensors") == "weights");
}

}  // namespace
}  // namespace nas
