#include "nas/data/wav.hpp"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <cmath>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr int64_t kMostChannels = 64;
constexpr int64_t kHighestRate = 768'000;
constexpr size_t kChunkHead = 8;
constexpr uint64_t kPcm = 1;
constexpr uint64_t kReal = 3;
constexpr uint64_t kExtensible = 0xFFFE;

/// Little-endian numbers out of the bytes of a file; every place is checked before it is read.
class WavBytes {
 public:
  WavBytes(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  [[noreturn]] void fail(size_t offset, const std::string& problem) const {
    throw InputError(fmt::format("'{}', offset {}: {}", name_, offset, problem));
  }

  size_t size() const { return bytes_.size(); }

  std::string_view text(size_t offset, size_t count, std::string_view what) const {
    if (offset > size() || count > size() - offset) {
      fail(offset, fmt::format("found {} bytes up to the end, expected {} of {}",
                               offset > size() ? 0 : size() - offset, count, what));
    }
    return bytes_.substr(offset, count);
  }

  uint64_t number(size_t offset, size_t count, std::string_view what) const {
    uint64_t value = 0;
    size_t shift = 0;
    for (const char byte : text(offset, count, what)) {
      value |= uint64_t{static_cast<uint8_t>(byte)} << shift;
      shift += 8;
    }
    return value;
  }

  void expect(size_t offset, std::string_view expected) const {
    const std::string_view found = text(offset, expected.size(), expected);
    if (found == expected) return;
    fail(offset, fmt::format("found {}, expected '{}' of a WAV file", shown(found), expected));
  }

  static std::string shown(std::string_view bytes) {
    std::string result = "'";
    for (const char byte : bytes) {
      const bool plain = byte >= ' ' && byte <= '~' && byte != '\'';
      result += plain ? std::string(1, byte) : fmt::format("\\x{:02x}", static_cast<uint8_t>(byte));
    }
    return result + "'";
  }

 private:
  std::string_view bytes_;
  const std::string& name_;
};

/// The code of WAVE_FORMAT_EXTENSIBLE is the head of a GUID whose rest is fixed.
uint64_t sub_format(const WavBytes& bytes, size_t offset, size_t size) {
  constexpr std::string_view kRest("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 14);
  constexpr size_t kSize = 40;
  if (size < kSize) {
    bytes.fail(offset, fmt::format("found a chunk 'fmt ' of {} bytes, expected {} or more for an "
                                   "extensible format",
                                   size, kSize));
  }
  if (bytes.text(offset + 26, kRest.size(), "'fmt '") != kRest) {
    bytes.fail(offset + 24, "found an unknown sub-format, expected whole or real numbers");
  }
  return bytes.number(offset + 24, 2, "'fmt '");
}

bool known_bits(WavFormat::Code code, int64_t bits) {
  if (code == WavFormat::Code::real) return bits == 32 || bits == 64;
  return bits == 8 || bits == 16 || bits == 24 || bits == 32;
}

WavFormat::Code code_of(const WavBytes& bytes, size_t offset, size_t size) {
  uint64_t code = bytes.number(offset, 2, "'fmt '");
  if (code == kExtensible) code = sub_format(bytes, offset, size);
  if (code != kPcm && code != kReal) {
    bytes.fail(offset, fmt::format("found the encoding {}, expected 1 (whole numbers) or 3 (real "
                                   "numbers)",
                                   code));
  }
  return code == kPcm ? WavFormat::Code::pcm : WavFormat::Code::real;
}

WavFormat read_format(const WavBytes& bytes, size_t offset, size_t size) {
  constexpr size_t kSmallest = 16;
  if (size < kSmallest) {
    bytes.fail(offset, fmt::format("found a chunk 'fmt ' of {} bytes, expected {} or more", size,
                                   kSmallest));
  }
  const auto field = [&](size_t place, size_t count) {
    return static_cast<int64_t>(bytes.number(offset + place, count, "'fmt '"));
  };
  WavFormat format;
  format.code = code_of(bytes, offset, size);
  format.channels = field(2, 2);
  format.sample_rate = field(4, 4);
  format.bits = field(14, 2);
  if (format.channels < 1 || format.channels > kMostChannels) {
    bytes.fail(offset + 2,
               fmt::format("found {} channels, expected 1 to {}", format.channels, kMostChannels));
  }
  if (format.sample_rate < 1 || format.sample_rate > kHighestRate) {
    bytes.fail(offset + 4, fmt::format("found a rate of {} Hz, expected 1 to {}",
                                       format.sample_rate, kHighestRate));
  }
  if (!known_bits(format.code, format.bits)) {
    bytes.fail(offset + 14,
               fmt::format("found {} bits a sample, expected {}", format.bits,
                           format.code == WavFormat::Code::pcm ? "8, 16, 24 or 32" : "32 or 64"));
  }
  if (field(12, 2) != static_cast<int64_t>(format.block())) {
    bytes.fail(offset + 12,
               fmt::format("found {} bytes a moment, expected {} for {} channels of "
                           "{} bits",
                           field(12, 2), format.block(), format.channels, format.bits));
  }
  return format;
}

void take_data(WavFormat& format, const WavBytes& bytes, size_t offset, size_t size) {
  if (format.channels == 0) bytes.fail(offset, "found samples, expected a chunk 'fmt ' before");
  if (size == 0) bytes.fail(offset, "found no samples, expected one or more");
  if (size % format.block() != 0) {
    bytes.fail(offset, fmt::format("found {} bytes of samples, expected a multiple of {}", size,
                                   format.block()));
  }
  format.data_offset = offset;
  format.data_bytes = size;
}

/// The end of the contents, by the head of the file.
size_t riff_end(const WavBytes& bytes) {
  bytes.expect(0, "RIFF");
  const uint64_t size = bytes.number(4, 4, "the size of RIFF");
  bytes.expect(8, "WAVE");
  const uint64_t found = bytes.size() - kChunkHead;
  // A pad byte behind an odd size is counted by some writers and not by others.
  if (size < 4 || size > found || found - size > (size & 1)) {
    bytes.fail(
        4, fmt::format("found a size of {} bytes, expected {}, the rest of the file", size, found));
  }
  return static_cast<size_t>(size) + kChunkHead;
}

float real_sample(uint64_t bits, int64_t width) {
  if (width == 32) return std::bit_cast<float>(static_cast<uint32_t>(bits));
  return static_cast<float>(std::bit_cast<double>(bits));
}

/// -1 to 1.
float whole_sample(uint64_t bits, int64_t width) {
  if (width == 8) return (static_cast<float>(bits) - 128.0F) / 128.0F;
  // The sample's sign becomes that of the number.
  const auto shifted = static_cast<int64_t>(bits << (64 - width));
  return static_cast<float>(std::ldexp(static_cast<double>(shifted), -63));
}

}  // namespace

WavFormat wav_format(std::string_view file, const std::string& name) {
  const WavBytes bytes(file, name);
  const size_t end = riff_end(bytes);
  WavFormat format;
  size_t offset = 12;
  while (offset < end) {
    const std::string_view id = bytes.text(offset, 4, "a chunk's name");
    const uint64_t size = bytes.number(offset + 4, 4, "a chunk's size");
    const size_t begin = offset + kChunkHead;
    if (begin > end || size > end - begin) {
      bytes.fail(offset + 4, fmt::format("found a chunk {} of {} bytes, expected at most {}, the "
                                         "rest of the file",
                                         WavBytes::shown(id), size, begin > end ? 0 : end - begin));
    }
    if (id == "fmt " && format.channels != 0) bytes.fail(offset, "found 'fmt ' a second time");
    if (id == "fmt ") format = read_format(bytes, begin, size);
    if (id == "data" && format.data_bytes != 0) bytes.fail(offset, "found 'data' a second time");
    if (id == "data") take_data(format, bytes, begin, size);
    offset = begin + size + (size & 1);
  }
  if (format.data_bytes == 0) bytes.fail(end, "found the end, expected a chunk 'data'");
  return format;
}

std::vector<float> wav_samples(std::string_view file, const WavFormat& format,
                               const std::string& name) {
  const WavBytes bytes(file, name);
  const auto width = static_cast<size_t>(format.bits / 8);
  std::vector<float> samples;
  samples.reserve(static_cast<size_t>(format.frames()));
  size_t offset = format.data_offset;
  for (int64_t i = 0; i < format.frames(); ++i) {
    double sum = 0;
    for (int64_t channel = 0; channel < format.channels; ++channel, offset += width) {
      const uint64_t bits = bytes.number(offset, width, "samples");
      const bool real = format.code == WavFormat::Code::real;
      const float sample = real ? real_sample(bits, format.bits) : whole_sample(bits, format.bits);
      if (!std::isfinite(sample)) {
        bytes.fail(offset, fmt::format("found the sample {}, expected a finite number", sample));
      }
      sum += double{sample};
    }
    samples.push_back(static_cast<float>(sum / static_cast<double>(format.channels)));
  }
  return samples;
}

}  // namespace nas
