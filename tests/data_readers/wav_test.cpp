#include "nas/data/wav.hpp"

#include <bit>
#include <cmath>

#include "nas/core/error.hpp"
#include "tests/data_readers/wav.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::chunk;
using test::format_chunk;
using test::little_endian;
using test::riff;
using test::wav_file;
using test::WavHead;

std::vector<float> samples_of(const std::string& bytes) {
  return wav_samples(bytes, wav_format(bytes, "a.wav"), "a.wav");
}

std::string real(float value) { return little_endian(std::bit_cast<uint32_t>(value), 4); }

/// A 16-bit mono file with one byte of its head changed.
std::string with_byte(size_t place, char byte) {
  std::string bytes = test::wav_of({1, 2, 3, 4});
  bytes.at(place) = byte;
  return bytes;
}

std::string extensible(const std::string& guid_tail) {
  const std::string plain = format_chunk({0xFFFE, 1, 8000, 16}).substr(8);
  return riff(chunk("fmt ", plain + little_endian(22, 2) + little_endian(16, 2) +
                                little_endian(4, 4) + little_endian(1, 2) + guid_tail) +
              chunk("data", little_endian(0x4000, 2)));
}

const std::string kGuidTail("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 14);

}  // namespace

TEST_CASE("samples of every width are between -1 and 1", "[data][wav]") {
  REQUIRE(samples_of(wav_file({1, 1, 8000, 8}, std::string("\x00\x80\xC0\xFF", 4))) ==
          std::vector<float>{-1, 0, 0.5F, 127.0F / 128});
  REQUIRE(samples_of(test::wav_of({-32768, 0, 16384, 32767})) ==
          std::vector<float>{-1, 0, 0.5F, 32767.0F / 32768});
  REQUIRE(samples_of(wav_file({1, 1, 8000, 24},
                              little_endian(0x800000, 3) + little_endian(0x400000, 3))) ==
          std::vector<float>{-1, 0.5F});
  REQUIRE(samples_of(wav_file({1, 1, 8000, 32},
                              little_endian(0x80000000, 4) + little_endian(0x20000000, 4))) ==
          std::vector<float>{-1, 0.25F});
  REQUIRE(samples_of(wav_file({3, 1, 8000, 32}, real(-0.75F) + real(1.5F))) ==
          std::vector<float>{-0.75F, 1.5F});
  REQUIRE(samples_of(wav_file({3, 1, 8000, 64}, little_endian(std::bit_cast<uint64_t>(0.125),
                                                              8))) == std::vector<float>{0.125F});
}

TEST_CASE("channels are mixed to their mean", "[data][wav]") {
  const std::string data = little_endian(0x4000, 2) + little_endian(0, 2) +
                           little_endian(0xC000, 2) + little_endian(0xC000, 2);
  REQUIRE(samples_of(wav_file({1, 2, 8000, 16}, data)) == std::vector<float>{0.25F, -0.5F});
}

TEST_CASE("other chunks, odd ones too, are passed over", "[data][wav]") {
  const std::string list = chunk("LIST", "abc");
  const std::string bytes =
      riff(list + format_chunk({}) + chunk("data", little_endian(0x4000, 2)) + chunk("id3 ", "xy"));
  REQUIRE(samples_of(bytes) == std::vector<float>{0.5F});
  REQUIRE(wav_format(bytes, "a.wav").sample_rate == 8000);
}

TEST_CASE("an extensible format is one of those it names", "[data][wav]") {
  REQUIRE(samples_of(extensible(kGuidTail)) == std::vector<float>{0.5F});
  REQUIRE_THROWS_WITH(samples_of(extensible(std::string(14, 'x'))),
                      ContainsSubstring("unknown sub-format"));
}

TEST_CASE("a malformed WAV file is refused with its name and the place", "[data][wav]") {
  struct Row {
    std::string bytes;
    const char* message;
  };
  const std::string whole = test::wav_of({1, 2, 3, 4});
  const std::string data = chunk("data", little_endian(1, 2));
  const Row row = GENERATE_COPY(
      Row{"", "'a.wav', offset 0: found 0 bytes up to the end, expected 4 of RIFF"},
      Row{"RIF", "offset 0: found 3 bytes"},
      Row{with_byte(3, 'X'), "offset 0: found 'RIFX', expected 'RIFF' of a WAV file"},
      Row{with_byte(8, '\x01'), "offset 8: found '\\x01AVE', expected 'WAVE'"},
      Row{whole.substr(0, whole.size() - 2), "offset 4: found a size of 44 bytes, expected 42"},
      Row{whole + "more", "offset 4: found a size of 44 bytes, expected 48"},
      Row{with_byte(20, 2), "offset 20: found the encoding 2, expected 1"},
      Row{with_byte(22, 0), "offset 22: found 0 channels, expected 1 to 64"},
      Row{with_byte(22, 100), "offset 22: found 100 channels"},
      Row{with_byte(27, 0x7F), "offset 24: found a rate of 2130714432 Hz, expected 1 to 768000"},
      Row{with_byte(32, 3), "offset 32: found 3 bytes a moment, expected 2 for 1 channels"},
      Row{with_byte(34, 12), "offset 34: found 12 bits a sample, expected 8, 16, 24 or 32"},
      Row{with_byte(40, 100), "offset 40: found a chunk 'data' of 100 bytes, expected at most 8"},
      Row{with_byte(43, '\xFF'), "offset 40: found a chunk 'data' of 4278190088 bytes"},
      Row{with_byte(40, 7), "found 7 bytes of samples, expected a multiple of 2"},
      Row{riff(data), "found samples, expected a chunk 'fmt ' before"},
      Row{riff(format_chunk({})), "offset 36: found the end, expected a chunk 'data'"},
      Row{riff(format_chunk({}) + chunk("data", "")), "found no samples"},
      Row{riff(format_chunk({}) + data + data), "found 'data' a second time"},
      Row{riff(format_chunk({}) + format_chunk({}) + data), "found 'fmt ' a second time"},
      Row{riff(chunk("fmt ", "short")), "'fmt ' of 5 bytes, expected 16"},
      Row{wav_file({3, 1, 8000, 32}, real(1) + real(INFINITY)),
          "offset 48: found the sample inf, expected a finite number"},
      Row{wav_file({3, 1, 8000, 16}, "ab"), "found 16 bits a sample, expected 32 or 64"},
      Row{riff(chunk("fmt ", format_chunk({0xFFFE}).substr(8)) + data), "expected 40 or more"});
  INFO(row.message);
  REQUIRE_THROWS_AS(samples_of(row.bytes), InputError);
  REQUIRE_THROWS_WITH(samples_of(row.bytes), ContainsSubstring(row.message));
}

TEST_CASE("a WAV file cut short anywhere is refused, never read beyond its end", "[data][wav]") {
  const std::string whole = wav_file({1, 2, 8000, 24}, std::string(12, 'x'));
  for (size_t size = 0; size < whole.size(); ++size) {
    // On the heap and no longer than it is, so that a sanitizer sees what lies beyond.
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<int64_t>(size));
    REQUIRE_THROWS_AS(wav_format({cut.data(), cut.size()}, "a.wav"), InputError);
  }
}

TEST_CASE("any byte of the head may be wrong", "[data][wav]") {
  const std::string whole = test::wav_of({1, 2, 3, 4});
  for (size_t place = 0; place < whole.size(); ++place) {
    for (int value = 0; value < 256; ++value) {
      const std::string bytes = with_byte(place, static_cast<char>(value));
      try {
        const size_t count = samples_of(bytes).size();
        REQUIRE(count <= 8);
      } catch (const InputError&) {
        REQUIRE(place < 44);
      }
    }
  }
}

}  // namespace nas
