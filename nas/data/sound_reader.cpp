#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <unordered_map>

#include "nas/core/error.hpp"
#include "nas/core/stop.hpp"
#include "nas/data/archive.hpp"
#include "nas/data/sound_index.hpp"
#include "nas/data/source.hpp"
#include "nas/data/wav.hpp"

namespace nas {
namespace {

constexpr int64_t kMostSamples = int64_t{1} << 31;

/// Writes the clip's middle to `into`, or leaves the silence around it.
void place(const std::vector<float>& clip, float* into, int64_t length) {
  const auto size = static_cast<int64_t>(clip.size());
  const int64_t count = std::min(size, length);
  std::copy_n(clip.begin() + (size - count) / 2, count, into + (length - count) / 2);
}

/// Recordings in WAV files.
class SoundSource final : public DataSource {
 public:
  explicit SoundSource(const DataConfig& config)
      : root_(config.path),
        config_(config.audio),
        index_(index_sounds(list_files(root_), root_, config_)) {}

  TaskShape task() override {
    return {log_mel().shape(), static_cast<int64_t>(index_.class_names.size())};
  }

  const std::vector<std::string>& class_names() const override { return index_.class_names; }
  bool has_test() const override { return !index_.test.empty(); }

  std::vector<int64_t> labels(DataPart part) override {
    std::vector<int64_t> labels;
    for (const SoundFile& file : files(part)) labels.push_back(file.label);
    return labels;
  }

  std::vector<int64_t> groups(DataPart part) override {
    std::vector<int64_t> groups;
    if (config_.split_by != "group") return groups;
    for (const SoundFile& file : files(part)) groups.push_back(file.group);
    return groups;
  }

  void read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) override;
  void check(DataPart part, const std::vector<int64_t>& chosen) override;

 private:
  using Take = std::function<void(int64_t place, const std::vector<float>& clip)>;
  void decode(DataPart part, const std::vector<int64_t>& chosen, const Take& take);
  void refuse_too_many(size_t count);

  const std::vector<SoundFile>& files(DataPart part) const {
    return part == DataPart::training ? index_.training : index_.test;
  }

  std::string full_name(const std::string& name) const { return (root_ / name).string(); }

  const LogMel& log_mel() {
    if (log_mel_.sample_rate == 0) log_mel_ = log_mel_of(config_, sample_rate());
    return log_mel_;
  }

  /// That of the first training recording where the configuration names none.
  int64_t sample_rate() const {
    if (config_.sample_rate != 0) return config_.sample_rate;
    const std::string& first = index_.training.front().name;
    int64_t rate = 0;
    visit_files(
        root_, [&](const std::string& name) { return name == first; },
        [&](const std::string& name, const std::string& bytes) {
          rate = wav_format(bytes, full_name(name)).sample_rate;
        });
    return rate;
  }

  std::vector<float> clip(const std::string& name, const std::string& bytes) {
    const WavFormat format = wav_format(bytes, full_name(name));
    if (format.sample_rate != log_mel().sample_rate) {
      throw InputError(fmt::format("'{}': found a rate of {} Hz, expected {} as in {}",
                                   full_name(name), format.sample_rate, log_mel().sample_rate,
                                   config_.sample_rate != 0
                                       ? "data.audio.sample_rate"
                                       : "'" + index_.training.front().name + "'"));
    }
    return wav_samples(bytes, format, full_name(name));
  }

  std::filesystem::path root_;
  AudioConfig config_;
  SoundIndex index_;
  LogMel log_mel_;
};

void SoundSource::refuse_too_many(size_t count) {
  const int64_t length = log_mel().samples;
  if (static_cast<int64_t>(count) <= kMostSamples / length) return;
  throw InputError(
      fmt::format("'{}': found {} recordings of {} samples, expected at most {} "
                  "samples; data.limit takes fewer",
                  root_.string(), count, length, kMostSamples));
}

void SoundSource::decode(DataPart part, const std::vector<int64_t>& chosen, const Take& take) {
  std::unordered_map<std::string, int64_t> places;
  for (size_t i = 0; i < chosen.size(); ++i) {
    places.emplace(files(part)[static_cast<size_t>(chosen[i])].name, static_cast<int64_t>(i));
  }
  visit_files(
      root_, [&](const std::string& name) { return places.contains(name); },
      [&](const std::string& name, const std::string& bytes) {
        take(places.at(name), clip(name, bytes));
      });
}

void SoundSource::read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) {
  into.log_mel = log_mel();
  refuse_too_many(chosen.size());
  const int64_t length = log_mel().samples;
  into.values.assign(chosen.size() * static_cast<size_t>(length), 0.0F);
  decode(part, chosen, [&](int64_t at, const std::vector<float>& clip) {
    place(clip, into.values.data() + at * length, length);
  });
}

void SoundSource::check(DataPart part, const std::vector<int64_t>& chosen) {
  refuse_too_many(chosen.size());
  decode(part, chosen, [](int64_t, const std::vector<float>&) {
    if (stop_requested()) throw Interrupted();
  });
}

}  // namespace

std::unique_ptr<DataSource> open_sounds(const DataConfig& config) {
  return std::make_unique<SoundSource>(config);
}

}  // namespace nas
