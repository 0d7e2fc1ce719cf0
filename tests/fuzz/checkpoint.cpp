#include "nas/train/checkpoint_file.hpp"

#include "nas/core/hash.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {
namespace {

/// With the right SHA-256 in its place, so that inputs get behind that check.
std::string with_own_hash(std::string bytes) {
  constexpr std::string_view kHashStart = R"({"__metadata__":{"sha256":")";
  constexpr size_t kHeader = 8;
  constexpr size_t kDigits = 64;
  constexpr size_t kAt = kHeader + kHashStart.size();
  if (bytes.size() < kAt + kDigits || bytes.compare(kHeader, kHashStart.size(), kHashStart) != 0) {
    return bytes;
  }
  bytes.replace(kAt, kDigits, kDigits, '0');
  return bytes.replace(kAt, kDigits, sha256(bytes));
}

}  // namespace

void checkpoint(std::string_view input) {
  CheckpointFile file;
  if (!taken([&] { file = decode_checkpoint(with_own_hash(std::string(input)), "fuzz"); })) return;
  const CheckpointFile again =
      decode_checkpoint(encode_checkpoint(file.arrays.arrays, file.state), "written");
  require(again.state.dump() == file.state.dump() &&
              again.arrays.arrays.size() == file.arrays.arrays.size(),
          "what is written reads as it was");
}

}  // namespace nas::fuzz
