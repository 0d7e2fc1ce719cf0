#include "nas/data/mel.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

double mel_of(double frequency) { return 2595 * std::log10(1 + frequency / 700); }

double frequency_of(double mel) { return 700 * (std::pow(10, mel / 2595) - 1); }

int64_t samples_in(double seconds, int64_t sample_rate) {
  return std::llround(seconds * static_cast<double>(sample_rate));
}

}  // namespace

LogMel log_mel_of(const AudioConfig& config, int64_t sample_rate) {
  LogMel setting;
  setting.sample_rate = sample_rate;
  setting.samples = samples_in(config.seconds, sample_rate);
  setting.window = samples_in(config.window, sample_rate);
  setting.hop = samples_in(config.hop, sample_rate);
  setting.mels = config.mels;
  const double half = static_cast<double>(sample_rate) / 2;
  setting.low = config.low;
  setting.high = config.high == 0 ? half : config.high;
  if (setting.window < 2 || setting.hop < 1 || setting.samples < setting.window) {
    throw InputError(
        fmt::format("audio: found {} samples in a window, {} in a hop and {} in a clip "
                    "at {} Hz, expected 2, 1 and a window's or more",
                    setting.window, setting.hop, setting.samples, sample_rate));
  }
  if (setting.high > half || setting.low >= setting.high) {
    throw InputError(
        fmt::format("audio: found bands from {} to {} Hz, expected them to rise to at "
                    "most {} Hz, half the sample rate",
                    setting.low, setting.high, half));
  }
  setting.fft = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(setting.window)));
  return setting;
}

std::vector<double> mel_filters(const LogMel& setting) {
  const double low = mel_of(setting.low);
  const double step = (mel_of(setting.high) - low) / static_cast<double>(setting.mels + 1);
  const auto corner = [&](int64_t i) { return frequency_of(low + step * static_cast<double>(i)); };
  const double bin = static_cast<double>(setting.sample_rate) / static_cast<double>(setting.fft);
  std::vector<double> filters;
  for (int64_t mel = 0; mel < setting.mels; ++mel) {
    const double left = corner(mel);
    const double middle = corner(mel + 1);
    const double right = corner(mel + 2);
    double sum = 0;
    for (int64_t i = 0; i < setting.bins(); ++i) {
      const double frequency = bin * static_cast<double>(i);
      const double rising = (frequency - left) / (middle - left);
      const double falling = (right - frequency) / (right - middle);
      filters.push_back(std::max(0.0, std::min(rising, falling)));
      sum += filters.back();
    }
    if (sum > 0) continue;
    throw InputError(
        fmt::format("audio: found no frequency of a window in band {} of {} ({:.0f} to "
                    "{:.0f} Hz), expected fewer mels or a longer window than {} samples",
                    mel, setting.mels, left, right, setting.window));
  }
  return filters;
}

std::string to_json_text(const LogMel& setting) {
  return Json{{"sample_rate", setting.sample_rate},
              {"samples", setting.samples},
              {"window", setting.window},
              {"hop", setting.hop},
              {"fft", setting.fft},
              {"mels", setting.mels},
              {"low", setting.low},
              {"high", setting.high},
              {"floor", LogMel::kFloor}}
      .dump();
}

}  // namespace nas
