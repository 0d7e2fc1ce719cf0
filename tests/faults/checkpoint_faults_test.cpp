#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "nas/core/error.hpp"
#include "nas/train/checkpoint_file.hpp"
#include "tests/faults/faulty_calls.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

constexpr int64_t kSteps = 4;

std::string bytes_of(int64_t step) {
  const std::vector<float> weights(5000, static_cast<float>(step));
  const std::string_view bytes(reinterpret_cast<const char*>(weights.data()),
                               weights.size() * sizeof(float));
  return encode_checkpoint(
      std::vector{
          NamedArray{"w", ArrayType::float32, {static_cast<int64_t>(weights.size())}, bytes}},
      {{"step", step}});
}

int64_t files_in(const std::filesystem::path& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST_CASE("Whatever call a disk fails at, the newest checkpoint is whole and none is lost") {
  const auto fault =
      GENERATE(Fault::error, Fault::dead_disk, Fault::short_write, Fault::full_disk, Fault::kill);
  int64_t call = 1;
  for (bool reached = true; reached; ++call) {
    INFO("fault " << static_cast<int>(fault) << " at call " << call);
    const Scratch scratch;
    const auto folder = scratch / "checkpoints";
    const Work work = work_under_faults({scratch.path(), call, fault}, [&](Work& done) {
      for (int64_t step = 1; step <= kSteps; ++step) {
        write_checkpoint(folder, step, bytes_of(step));
        ++done.steps;
      }
    });
    reached = work.calls >= call;
    int64_t warnings = 0;
    const auto found = newest_checkpoint(folder, [&](const std::string&) { ++warnings; });
    CHECK(warnings == 0);
    const int64_t step = found ? found->state["step"].get<int64_t>() : 0;
    CHECK((step == work.steps || step == work.steps + 1));
    if (found) CHECK(*found->arrays.content == bytes_of(step));
    write_checkpoint(folder, kSteps + 1, bytes_of(kSteps + 1));
    CHECK(newest_checkpoint(folder, [](const std::string&) {})->state["step"] == kSteps + 1);
    CHECK(files_in(folder) <= 2);
  }
  CHECK(call > 10);
}

void write_in_place(const std::filesystem::path& file, const std::string& bytes) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const bool written =
      ::write(descriptor, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  ::close(descriptor);
  if (!written) throw RunError("not written");
}

/// That the check above can fail at all.
TEST_CASE("A checkpoint that is written in place is lost to these faults") {
  const auto fault = GENERATE(Fault::full_disk, Fault::kill);
  int64_t lost = 0;
  bool reached = true;
  for (int64_t call = 1; reached; ++call) {
    const Scratch folder;
    const Work work = work_under_faults({folder.path(), call, fault}, [&](Work& done) {
      for (int64_t step = 1; step <= kSteps; ++step) {
        write_in_place(folder / "step-1.safetensors", bytes_of(step));
        ++done.steps;
      }
    });
    reached = work.calls >= call;
    const auto found = newest_checkpoint(folder.path(), [](const std::string&) {});
    lost += work.steps > 0 && !found ? 1 : 0;
  }
  CHECK(lost > 0);
}

}  // namespace
}  // namespace nas
