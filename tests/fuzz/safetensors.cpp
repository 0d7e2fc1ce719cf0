#include "nas/core/safetensors.hpp"

#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void safetensors(std::string_view input) {
  Safetensors file;
  if (!taken([&] { file = decode_safetensors(std::string(input), "fuzz"); })) return;
  size_t bytes = 0;
  for (const NamedArray& array : file.arrays) bytes += array.bytes.size();
  require(bytes <= input.size(), "arrays lie within the file");
  const auto again = decode_safetensors(encode_safetensors(file.arrays, file.metadata), "written");
  require(again.verified && again.arrays.size() == file.arrays.size() &&
              again.metadata == file.metadata,
          "what is written reads as it was");
}

}  // namespace nas::fuzz
