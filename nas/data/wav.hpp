#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// How the samples of a WAV file are written.
struct WavFormat {
  enum class Code { pcm, real };
  Code code = Code::pcm;
  int64_t sample_rate = 0;  // Hz
  int64_t channels = 0;
  int64_t bits = 0;  // a sample: 8, 16, 24 or 32 of whole numbers, 32 or 64 of real ones
  /// Of the first sample in the file, and of all samples.
  size_t data_offset = 0;
  size_t data_bytes = 0;

  /// Bytes of one moment: a sample of each channel.
  size_t block() const { return static_cast<size_t>(channels * bits / 8); }
  int64_t frames() const { return static_cast<int64_t>(data_bytes / block()); }
};

/// What the chunks of a RIFF file with WAVE contents say ("Multimedia Programming Interface and
/// Data Specifications 1.0", IBM and Microsoft 1991, and WAVE_FORMAT_EXTENSIBLE). Throws
/// InputError, naming `name` and the offset, for what is cut short, contradicts itself or is not
/// understood, for bytes behind the end and for a file without samples.
WavFormat wav_format(std::string_view bytes, const std::string& name);

/// All samples, -1 to 1, the mean over the channels. Throws InputError for what wav_format refuses
/// and for real samples that are not finite.
std::vector<float> wav_samples(std::string_view bytes, const WavFormat& format,
                               const std::string& name);

}  // namespace nas
