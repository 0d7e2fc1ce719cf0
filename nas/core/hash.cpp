#include "nas/core/hash.hpp"

#include <sha2.h>

#include <array>
#include <fstream>

#include "nas/core/error.hpp"

namespace nas {
namespace {

std::string finish(SHA2_CTX& context) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> text{};
  SHA256End(&context, text.data());
  return text.data();
}

void update(SHA2_CTX& context, const char* bytes, size_t size) {
  SHA256Update(&context, reinterpret_cast<const uint8_t*>(bytes), size);
}

}  // namespace

std::string sha256(std::string_view bytes) {
  SHA2_CTX context;
  SHA256Init(&context);
  update(context, bytes.data(), bytes.size());
  return finish(context);
}

std::string sha256_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  SHA2_CTX context;
  SHA256Init(&context);
  std::array<char, 1 << 16> block;
  while (file.read(block.data(), block.size()) || file.gcount() > 0) {
    update(context, block.data(), static_cast<size_t>(file.gcount()));
  }
  // The end of the file sets eof; a folder, a missing file or a failing disk do not.
  if (!file.eof()) throw InputError(path + ": cannot be read");
  return finish(context);
}

}  // namespace nas
