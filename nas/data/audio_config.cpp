#include "nas/data/audio_config.hpp"

#include <array>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/data/name_pattern.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 2> kSplits{"example", "group"};

void describe_files(Section& section, AudioConfig& config) {
  section.text("names", config.names,
               "how names of files tell {label} and {group}, with * for anything: {label}/* is a "
               "folder a class, {label}_{group}_* names such as 7_ann_12.wav");
  section.path("list", config.list,
               "a text file with columns file, label and perhaps group, instead of names");
  section.text("test_names", config.test_names,
               "recordings, as in a shell, that are the test split, such as *_[0-4].wav; empty: "
               "data.test decides");
  section.one_of("split_by", config.split_by, std::span<const std::string_view>(kSplits),
                 "group: no group, such as a speaker, is in two splits");
}

void describe_features(Section& section, AudioConfig& config) {
  section.integer("sample_rate", config.sample_rate, {0, 768'000, "Hz"},
                  "of all recordings; 0: that of the first one");
  section.real("seconds", config.seconds, {0.01, 60, "s"},
               "length of every example: shorter ones get silence on both sides, of longer ones "
               "the middle is taken");
  section.integer("mels", config.mels, {2, 512, "bands"}, "rows of the network's input");
  section.real("window", config.window, {0.001, 1, "s"}, "that a column of the input is of");
  section.real("hop", config.hop, {0.001, 1, "s"}, "from one column to the next");
  section.real("low", config.low, {0, 384'000, "Hz"}, "where the first band begins");
  section.real("high", config.high, {0, 384'000, "Hz"},
               "where the last band ends; 0: half the sample rate");
}

}  // namespace

void describe(Section& section, AudioConfig& config) {
  describe_files(section, config);
  describe_features(section, config);
  if (config.window > config.seconds) {
    section.mistake("window", "found more than `seconds`, expected a part of it");
  }
  if (config.high != 0 && config.high <= config.low) {
    section.mistake("high", "expected more than `low`, or 0");
  }
  try {
    const NamePattern pattern(config.names);
    if (config.split_by == "group" && config.list.empty() && !pattern.has_group()) {
      section.mistake("split_by", "found group, expected {group} in `names` or a `list`");
    }
  } catch (const InputError& error) {
    section.mistake("names", error.what());
  }
}

}  // namespace nas
