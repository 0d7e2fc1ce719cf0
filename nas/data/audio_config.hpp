#pragma once

#include <cstdint>
#include <string>

namespace nas {

class Section;

/// `data.audio:` of a configuration: which recordings there are, and the numbers that a network
/// gets of each.
struct AudioConfig {
  /// How names of files tell class and, where it is known, group (the speaker); see NamePattern.
  std::string names = "{label}/*";
  /// A text file with columns `file`, `label` and perhaps `group` that tells instead of the names.
  std::string list;
  /// Names, without folders, of the recordings that are the test split, with * and ? and [0-9] as
  /// in a shell; empty: `test` of the examples are held out.
  std::string test_names;
  /// example, or group: then no group is in two splits.
  std::string split_by = "example";
  /// Hz that all recordings must have; 0: the rate of the first one.
  int64_t sample_rate = 0;
  /// Length of every example: silence is added on both sides, or the middle taken.
  double seconds = 1;
  /// Bands of mel frequencies.
  int64_t mels = 40;
  /// Seconds that one spectrum is of, and from one to the next.
  double window = 0.03;
  double hop = 0.02;
  /// Hz that the bands reach from and to; high 0: half the sample rate.
  double low = 20;
  double high = 0;
};

void describe(Section& section, AudioConfig& config);

}  // namespace nas
