#include "nas/data/wav.hpp"

#include <cmath>

#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void wav(std::string_view input) {
  taken([&] {
    const WavFormat format = wav_format(input, "fuzz");
    require(format.frames() > 0, "a recording has samples");
    require(format.data_offset + format.data_bytes <= input.size(), "samples lie in the file");
    const auto samples = wav_samples(input, format, "fuzz");
    require(static_cast<int64_t>(samples.size()) == format.frames(), "channels are mixed to one");
    for (const float sample : samples) require(std::isfinite(sample), "samples are numbers");
  });
}

}  // namespace nas::fuzz
