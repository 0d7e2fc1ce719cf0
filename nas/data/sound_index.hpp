#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nas/data/audio_config.hpp"

namespace nas {

/// One recording of a data set.
struct SoundFile {
  std::string name;
  int64_t label = 0;
  int64_t group = 0;  // 0 where no groups are told
};

struct SoundIndex {
  std::vector<SoundFile> training;  // sorted by name
  std::vector<SoundFile> test;      // sorted by name; empty where `test_names` is
  std::vector<std::string> class_names;
};

/// Whether it ends like a WAV file's, in capitals or not; hidden files are none.
bool is_sound_name(const std::string& name);

/// Sorts the WAV files among `names` into classes and groups; other files and hidden ones are left
/// out, and with a list those that are not in it. Throws InputError, naming `root` or the list's
/// line, for a name unlike the pattern, a file of the list that is not there or comes twice, fewer
/// than two classes, a test class that training lacks and, where groups are kept whole, one that is
/// in both.
SoundIndex index_sounds(const std::vector<std::string>& names, const std::filesystem::path& root,
                        const AudioConfig& config);

}  // namespace nas
