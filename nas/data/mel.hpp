#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/data/audio_config.hpp"
#include "nas/plan/network.hpp"

namespace nas {

/// How a clip becomes a picture of its sound, in whole samples. Column t is the power spectrum of
/// samples t * hop to t * hop + window, times a periodic Hann window and with zeros up to `fft`;
/// row m is the logarithm of floor and its sum under triangle m (see mel_filters).
struct LogMel {
  /// Added to powers before the logarithm: what silence is.
  static constexpr double kFloor = 1e-6;

  int64_t sample_rate = 0;  // Hz
  int64_t samples = 0;      // of a clip
  int64_t window = 0;
  int64_t hop = 0;
  int64_t fft = 0;  // the smallest power of 2 that is no less than window
  int64_t mels = 0;
  double low = 0;  // Hz
  double high = 0;

  int64_t bins() const { return fft / 2 + 1; }
  int64_t columns() const { return (samples - window) / hop + 1; }
  /// 1 x mels x columns.
  Shape shape() const { return {1, mels, columns()}; }
};

/// Throws InputError for bands beyond half the rate and for a hop or a window of no samples.
LogMel log_mel_of(const AudioConfig& config, int64_t sample_rate);

/// [mels, bins]: triangles with corners at mels + 2 places that lie equally far apart between low
/// and high on the scale 2595 log10(1 + f / 700) (O'Shaughnessy 1987), and 1 at the middle one; as
/// librosa with htk=True, norm=None. Throws InputError where no bin lies below a triangle.
std::vector<double> mel_filters(const LogMel& setting);

/// All of it and the formula's constant in JSON, for who computes the same elsewhere.
std::string to_json_text(const LogMel& setting);

}  // namespace nas
