#include "nas/data/data_survey.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/core/lower_case.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/damaged_pictures.hpp"
#include "nas/data/idx_files.hpp"
#include "nas/data/image_decode.hpp"
#include "nas/data/picture_index.hpp"
#include "nas/data/sound_index.hpp"
#include "nas/data/source.hpp"
#include "nas/data/wav.hpp"

namespace nas {
namespace {

constexpr size_t kLookedAt = 64;  // pictures
constexpr int64_t kSmallPictures = 64;
constexpr size_t kManyPictures = 5000;
constexpr double kLongestSound = 10;  // seconds
constexpr size_t kPerClass = 2;       // recordings, at least, on average

bool ends_with_any(const std::string& name, std::initializer_list<std::string_view> ends) {
  const std::string lower = lower_case(name);
  return std::any_of(ends.begin(), ends.end(), [&](auto end) { return lower.ends_with(end); });
}

bool is_archive(const std::string& name) {
  return ends_with_any(name, {".tar", ".tar.gz", ".tgz"});
}
bool is_table(const std::string& name) {
  return ends_with_any(name, {".csv", ".tsv", ".data", ".csv.gz", ".tsv.gz", ".data.gz"});
}
bool is_cifar(const std::string& name) {
  return std::filesystem::path(name).filename().string().starts_with("data_batch_");
}
bool is_idx(const std::string& name) { return is_idx_file(name); }

size_t count(const std::vector<std::string>& names, bool (*is)(const std::string&)) {
  return static_cast<size_t>(std::count_if(names.begin(), names.end(), is));
}

/// What a look at some pictures tells.
struct Looks {
  int64_t least = 0;  // sides
  int64_t most = 0;
  bool grey = true;
};

void look_at(const std::string& bytes, const std::string& name, Looks& looks) {
  const Picture picture = decode_picture(bytes, 3, name);
  const auto [low, high] = std::minmax(picture.height, picture.width);
  looks.least = looks.least == 0 ? low : std::min(looks.least, low);
  looks.most = std::max(looks.most, high);
  for (size_t i = 0; looks.grey && i < picture.pixels.size(); i += 3) {
    looks.grey =
        picture.pixels[i] == picture.pixels[i + 1] && picture.pixels[i] == picture.pixels[i + 2];
  }
}

Looks looks_of(const std::filesystem::path& root, const std::vector<PictureFile>& files) {
  std::vector<std::string> chosen;  // spread over all classes
  const size_t step = std::max<size_t>(1, files.size() / kLookedAt);
  for (size_t i = 0; i < files.size(); i += step) chosen.push_back(files[i].name);
  Looks looks;
  DamagedPictures damaged;
  visit_files(
      root,
      [&](const std::string& name) {
        return std::binary_search(chosen.begin(), chosen.end(), name);
      },
      [&](const std::string& name, const std::string& bytes) {
        damaged.attempt([&] { look_at(bytes, (root / name).string(), looks); });
      });
  damaged.refuse(root.string());
  return looks;
}

/// A side that a laptop copes with: 64 for few large pictures, 32 for others, less for small ones.
int64_t side_for(const Looks& looks, size_t pictures) {
  if (looks.most < 32) return std::max<int64_t>(8, looks.most / 4 * 4);
  return looks.least >= kSmallPictures && pictures <= kManyPictures ? kSmallPictures : 32;
}

void survey_pictures(const std::vector<std::string>& names, DataSurvey& survey) {
  const auto& path = survey.config.path;
  const PictureIndex index = index_pictures(names, path);
  const Looks looks = looks_of(path, index.training);
  survey.config.dataset = "images";
  survey.config.channels = looks.grey ? 1 : 3;
  survey.config.image_size = side_for(looks, index.training.size());
  survey.remarks.push_back(looks.least == looks.most
                               ? fmt::format("sides of {} pixels", looks.least)
                               : fmt::format("sides of {} to {} pixels", looks.least, looks.most));
  survey.remarks.emplace_back(looks.grey ? "grey" : "in colour");
}

/// How the names tell the classes: a folder each, or what stands before the first _.
std::string naming_of(const std::vector<std::string>& names, const std::string& path) {
  for (const auto* pattern : {"{label}/*", "{label}_*"}) {
    AudioConfig config;
    config.names = pattern;
    try {
      const SoundIndex index = index_sounds(names, path, config);
      if (index.class_names.size() * kPerClass <= index.training.size()) return pattern;
    } catch (const InputError&) {  // not named so
    }
  }
  throw InputError(path +
                   ": found WAV files whose names tell no classes; expected a folder a "
                   "class, or names such as yes_17.wav");
}

struct Sounds {
  std::vector<double> seconds;
  std::vector<int64_t> rates;  // Hz
};

Sounds listen_to(const std::vector<std::string>& names, const std::string& path) {
  Sounds sounds;
  visit_files(path, is_sound_name, [&](const std::string& name, const std::string& bytes) {
    const auto format = wav_format(bytes, (std::filesystem::path(path) / name).string());
    sounds.rates.push_back(format.sample_rate);
    sounds.seconds.push_back(static_cast<double>(format.frames()) /
                             static_cast<double>(format.sample_rate));
  });
  std::sort(sounds.seconds.begin(), sounds.seconds.end());
  std::sort(sounds.rates.begin(), sounds.rates.end());
  if (sounds.rates.front() != sounds.rates.back()) {
    throw InputError(
        fmt::format("{}: found sample rates from {} to {} Hz in {} WAV files, expected "
                    "one; sox -r converts them",
                    path, sounds.rates.front(), sounds.rates.back(), count(names, is_sound_name)));
  }
  return sounds;
}

/// The least that is no less than `seconds` and has columns in fours, for networks halve them
/// twice.
double length_of_fours(double seconds, const AudioConfig& config) {
  const double four = 4 * config.hop;
  const double beyond = config.window - config.hop;
  const double count = std::max(1.0, std::ceil((seconds - beyond) / four - 1e-9));
  return std::round(1000 * (beyond + count * four)) / 1000;
}

/// Nine in ten recordings are seen whole.
void survey_sounds(const std::vector<std::string>& names, DataSurvey& survey) {
  auto& config = survey.config;
  config.dataset = "audio";
  config.audio.names = naming_of(names, config.path);
  const Sounds sounds = listen_to(names, config.path);
  const double most = sounds.seconds[sounds.seconds.size() * 9 / 10];
  config.audio.seconds = length_of_fours(std::min(most, kLongestSound), config.audio);
  survey.remarks.push_back(fmt::format("recordings of {:.2f} to {:.2f} seconds at {} Hz",
                                       sounds.seconds.front(), sounds.seconds.back(),
                                       sounds.rates.front()));
}

void survey_files(DataSurvey& survey, const std::string& target) {
  auto& path = survey.config.path;
  const std::vector<std::string> names = list_files(path);
  const size_t tables = count(names, is_table);
  if (count(names, is_cifar) > 0) {
    survey.config.dataset = "cifar10";
  } else if (count(names, is_idx) > 0) {
    survey.config.dataset = "idx";
    survey.remarks.emplace_back("grey");
  } else if (count(names, is_picture_name) > 0) {
    survey_pictures(names, survey);
  } else if (count(names, is_sound_name) > 0) {
    survey_sounds(names, survey);
  } else if (tables == 1 && !is_archive(path)) {
    const auto name = std::find_if(names.begin(), names.end(), is_table);
    path = (std::filesystem::path(path) / *name).string();
    survey.config.dataset = "csv";
    survey.config.table = survey_table(path, target, survey.remarks);
  } else {
    throw InputError(
        fmt::format("{}: found {} files, {} of them tables; expected class folders of JPEG or PNG "
                    "pictures, or "
                    "of WAV files, one table (.csv, .tsv, .data), IDX files or CIFAR-10's binary "
                    "files",
                    path, names.size(), tables));
  }
}

/// Guards against the version of CIFAR-10 that only Python reads.
void check_cifar(const DataConfig& config) {
  if (config.dataset != "cifar10") return;
  const auto names = list_files(config.path);
  const bool binary = std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return is_cifar(name) && name.ends_with(".bin");
  });
  if (!binary) {
    throw InputError(
        config.path +
        ": CIFAR-10 in Python's version; expected its binary version, data_batch_1.bin "
        "and on");
  }
}

void count_classes(DataSurvey& survey) {
  const auto source = open_source(survey.config);
  survey.own_test = source->has_test();
  survey.task = source->task();
  survey.class_names = source->class_names();
  survey.class_sizes.assign(survey.class_names.size(), 0);
  for (const int64_t label : source->labels(DataPart::training)) {
    ++survey.class_sizes[static_cast<size_t>(label)];
  }
}

}  // namespace

int64_t DataSurvey::examples() const {
  return std::accumulate(class_sizes.begin(), class_sizes.end(), int64_t{0});
}

DataSurvey survey_data(const std::filesystem::path& path, const std::string& target) {
  if (!std::filesystem::exists(path)) {
    throw InputError(path.string() + ": no such file or folder");
  }
  DataSurvey survey;
  survey.config.path = std::filesystem::canonical(path).string();
  if (std::filesystem::is_directory(path) || is_archive(path.string())) {
    survey_files(survey, target);
  } else if (is_picture_name(path.string()) || is_sound_name(path.string()) ||
             is_idx(path.string())) {
    throw InputError(path.string() + ": a single file; expected the folder that it is in");
  } else {
    survey.config.dataset = "csv";
    survey.config.table = survey_table(survey.config.path, target, survey.remarks);
  }
  if (!target.empty() && survey.pictures()) {
    throw UsageError("--target: names a column of a table, and this is none");
  }
  check_cifar(survey.config);
  count_classes(survey);
  return survey;
}

}  // namespace nas
