#include "nas/train/checkpoint.hpp"

#include <fstream>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/train/support.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

NamedTensors all_kinds() {
  torch::manual_seed(4);
  return {{"flags", torch::tensor({true, false, true})},
          {"bytes", torch::tensor({1, 255, 7}, torch::kUInt8)},
          {"single", torch::randn({2, 3})},
          {"last", torch::randn({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast)},
          {"double", torch::randn({3}, torch::kDouble)},
          {"brain", torch::randn({5}).to(torch::kBFloat16)},
          {"whole", torch::tensor({int64_t{1} << 62, int64_t{-3}})},
          {"scalar", torch::tensor(2.5)},
          {"empty", torch::empty({0, 4})}};
}

torch::Tensor find(const NamedTensors& tensors, const std::string& name) {
  for (const auto& [own, tensor] : tensors) {
    if (own == name) return tensor;
  }
  FAIL("no tensor " << name);
  return {};
}

void require_same(const NamedTensors& found, const NamedTensors& expected) {
  REQUIRE(found.size() == expected.size());
  for (const auto& [name, tensor] : expected) {
    const torch::Tensor other = find(found, name);
    REQUIRE(other.scalar_type() == tensor.scalar_type());
    REQUIRE(other.equal(tensor));
  }
}

Checkpoint checkpoint_of(int64_t step) {
  return {{{"w", torch::full({3}, static_cast<double>(step))}}, {{"step", step}}};
}

fs::path file_of(const fs::path& folder, int64_t step) {
  return folder / ("step-" + std::to_string(step) + ".safetensors");
}

void overwrite(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void ignore(const std::string&) {}

}  // namespace

TEST_CASE("tensors of every type come back as they were", "[train]") {
  const test::ScratchFolder folder;
  const auto path = folder.path() / "w.safetensors";
  save_safetensors(path, all_kinds(), {{"arch", "text"}, {"mean", {0.5, 0.25}}});
  require_same(load_safetensors(path), all_kinds());
  const Json metadata = read_safetensors(path).metadata;
  REQUIRE(metadata["arch"] == "text");
  REQUIRE(metadata["mean"] == "[0.5,0.25]");
}

TEST_CASE("a checkpoint goes to other processes as bytes", "[train][together]") {
  const Checkpoint sent{{{"a", torch::randn({3, 2})}, {"b", torch::arange(4)}}, {{"step", 7}}};
  const std::string bytes = encode_checkpoint(sent);
  const Checkpoint found = decode_checkpoint(bytes);
  REQUIRE(found.state == sent.state);
  REQUIRE(found.tensors.size() == 2);
  std::string damaged = bytes;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  REQUIRE_THROWS_AS(decode_checkpoint(damaged), InputError);
}

TEST_CASE("the same tensors give the same bytes", "[train]") {
  const test::ScratchFolder folder;
  save_safetensors(folder.path() / "a", all_kinds());
  save_safetensors(folder.path() / "b", all_kinds());
  REQUIRE(read_file(folder.path() / "a") == read_file(folder.path() / "b"));
}

TEST_CASE("the newest checkpoint is loaded and only two are kept", "[train]") {
  const test::ScratchFolder folder;
  REQUIRE_FALSE(load_checkpoint(folder.path(), ignore));
  REQUIRE_FALSE(load_checkpoint(folder.path() / "missing", ignore));
  // 9, 10, 100: names do not sort like numbers.
  for (const int64_t step : {2, 9, 10, 100}) {
    save_checkpoint(folder.path(), step, checkpoint_of(step));
    const auto loaded = load_checkpoint(folder.path(), ignore);
    REQUIRE(loaded->state["step"] == step);
    REQUIRE(loaded->tensors[0].second[0].item<double>() == static_cast<double>(step));
  }
  REQUIRE_FALSE(fs::exists(file_of(folder.path(), 9)));
  REQUIRE(fs::exists(file_of(folder.path(), 10)));
  REQUIRE(fs::exists(file_of(folder.path(), 100)));
  overwrite(folder.path() / "other.txt", "x");
  remove_checkpoints(folder.path());
  REQUIRE_FALSE(load_checkpoint(folder.path(), ignore));
  REQUIRE(fs::exists(folder.path() / "other.txt"));
}

TEST_CASE("what a killed process left half-written is swept away", "[train]") {
  const test::ScratchFolder folder;
  const auto half = folder.path() / "step-3.safetensors.99.tmp";
  overwrite(half, "half");
  REQUIRE_FALSE(load_checkpoint(folder.path(), ignore));
  save_checkpoint(folder.path(), 4, checkpoint_of(4));
  REQUIRE_FALSE(fs::exists(half));
}

TEST_CASE("a checkpoint cut off anywhere is passed over for the one before", "[train]") {
  const test::ScratchFolder folder;
  save_checkpoint(folder.path(), 1, checkpoint_of(1));
  save_checkpoint(folder.path(), 2, checkpoint_of(2));
  const auto newest = file_of(folder.path(), 2);
  const std::string whole = read_file(newest);
  for (size_t size = 0; size < whole.size(); ++size) {
    overwrite(newest, whole.substr(0, size));
    int64_t warnings = 0;
    const auto loaded = load_checkpoint(folder.path(), [&](const std::string& text) {
      ++warnings;
      REQUIRE_THAT(text, ContainsSubstring("step-2.safetensors"));
    });
    REQUIRE(warnings == 1);
    REQUIRE(loaded->state["step"] == 1);
  }
  overwrite(newest, whole + "x");
  REQUIRE(load_checkpoint(folder.path(), ignore)->state["step"] == 1);
  overwrite(newest, whole);
  REQUIRE(load_checkpoint(folder.path(), ignore)->state["step"] == 2);
}

TEST_CASE("a checkpoint with any bit turned is passed over", "[train]") {
  const test::ScratchFolder folder;
  save_checkpoint(folder.path(), 1, checkpoint_of(1));
  save_checkpoint(folder.path(), 2, checkpoint_of(2));
  const auto newest = file_of(folder.path(), 2);
  const std::string whole = read_file(newest);
  for (size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; bit += 3) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      overwrite(newest, damaged);
      REQUIRE(load_checkpoint(folder.path(), ignore)->state["step"] == 1);
    }
  }
}

TEST_CASE("where every checkpoint is damaged there is none", "[train]") {
  const test::ScratchFolder folder;
  save_checkpoint(folder.path(), 1, checkpoint_of(1));
  overwrite(file_of(folder.path(), 1), "garbage");
  int64_t warnings = 0;
  REQUIRE_FALSE(load_checkpoint(folder.path(), [&](const std::string&) { ++warnings; }));
  REQUIRE(warnings == 1);
}

TEST_CASE("plain weights are no checkpoint", "[train]") {
  const test::ScratchFolder folder;
  save_safetensors(file_of(folder.path(), 5), all_kinds());
  REQUIRE_FALSE(load_checkpoint(folder.path(), ignore));
}

TEST_CASE("a clock by steps is due every so many steps", "[train]") {
  CheckpointClock clock({3, 0});
  std::string due;
  for (int i = 0; i < 7; ++i) due += clock.due() ? 'x' : '.';
  REQUIRE(due == "..x..x.");
}

TEST_CASE("a clock by time is due once the time is over", "[train]") {
  CheckpointClock never({0, 0});
  CheckpointClock later({0, 3600});
  CheckpointClock now({0, 1e-9});
  REQUIRE_FALSE(never.due());
  REQUIRE_FALSE(later.due());
  REQUIRE(now.due());
}

}  // namespace nas
