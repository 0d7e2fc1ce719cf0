#include "nas/core/gzip.hpp"

#include <zlib.h>

#include <array>

#include "nas/core/error.hpp"

namespace nas {

std::string inflate_gzip(std::span<const uint8_t> bytes, std::string_view what, size_t most) {
  std::string text;
  std::array<char, 1 << 15> block;
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzip) != Z_OK) {
    throw RunError(std::string(what) + ": zlib does not start");
  }
  stream.next_in = const_cast<unsigned char*>(bytes.data());
  stream.avail_in = static_cast<unsigned>(bytes.size());
  int status = Z_OK;
  while (status == Z_OK && text.size() <= most) {
    stream.next_out = reinterpret_cast<unsigned char*>(block.data());
    stream.avail_out = block.size();
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(block.data(), block.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (text.size() > most) throw RunError(std::string(what) + ": holds too much");
  if (status != Z_STREAM_END) throw RunError(std::string(what) + ": damaged");
  return text;
}

}  // namespace nas
