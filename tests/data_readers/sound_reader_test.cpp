#include <algorithm>
#include <cmath>
#include <set>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/data/reader.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/data_readers/wav.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::Files;
using test::TemporaryFolder;
using test::wav_of;
using test::write_tar;

/// Windows of 4 samples, hops of 2, clips of 10, at 1,000 Hz.
DataConfig sounds_at(const std::filesystem::path& path) {
  DataConfig config;
  config.dataset = "audio";
  config.path = path.string();
  config.audio.seconds = 0.01;
  config.audio.window = 0.004;
  config.audio.hop = 0.002;
  config.audio.mels = 2;
  return config;
}

/// Recording i of each of 4 speakers saying yes or no: one sample of value 100 speaker + i.
Files recordings(int each = 6) {
  Files files;
  const std::vector<std::string> speakers{"ann", "bob", "cy", "di"};
  for (int speaker = 0; speaker < 4; ++speaker) {
    for (int i = 0; i < each; ++i) {
      const auto value = static_cast<int16_t>(100 * (speaker + 1) + i);
      files.emplace_back((i % 2 == 0 ? "yes_" : "no_") + speakers[static_cast<size_t>(speaker)] +
                             "_" + std::to_string(i) + ".wav",
                         wav_of({value}, 1000));
    }
  }
  return files;
}

void write_all(const TemporaryFolder& folder, const Files& files) {
  for (const auto& [name, bytes] : files) folder.write(name, bytes);
}

DataConfig recordings_in(const TemporaryFolder& folder) {
  write_all(folder, recordings());
  DataConfig config = sounds_at(folder.path());
  config.audio.names = "{label}_{group}_*";
  return config;
}

/// The one sample of each clip, 100 speaker + i.
std::vector<int> values(const LabelledImages& clips) {
  std::vector<int> found;
  for (const float value : clips.values) {
    if (value != 0) found.push_back(static_cast<int>(std::lround(value * 32768)));
  }
  return found;
}

std::set<int> speakers(const LabelledImages& clips) {
  std::set<int> found;
  for (const int value : values(clips)) found.insert(value / 100);
  return found;
}

}  // namespace

TEST_CASE("clips are cut to the middle or padded on both sides", "[data][audio]") {
  const TemporaryFolder folder;
  std::vector<int16_t> ramp(13);
  for (size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<int16_t>(1024 * (i + 1));
  folder.write("a/long.wav", wav_of(ramp, 1000));
  folder.write("b/short.wav", wav_of({1024, 2048, 3072}, 1000));
  DataConfig config = sounds_at(folder.path());
  config.test = 0;
  const LabelledImages clips = read_training_images(config);
  REQUIRE(clips.class_names == std::vector<std::string>{"a", "b"});
  REQUIRE(clips.shape == Shape{1, 2, 4});
  REQUIRE(clips.values.size() == 20);
  const auto scaled = [&](size_t i) { return clips.values[i] * 32; };
  REQUIRE(scaled(0) == 2);
  REQUIRE(scaled(9) == 11);
  const std::vector<float> padded{0, 0, 0, 1, 2, 3, 0, 0, 0, 0};
  for (size_t i = 0; i < 10; ++i) REQUIRE(scaled(10 + i) == padded[i]);
}

TEST_CASE("recordings are read from a folder and an archive alike", "[data][audio]") {
  const TemporaryFolder folder;
  const DataConfig config = recordings_in(folder);
  const TemporaryFolder other;
  write_tar(other.path() / "a.tar.gz", recordings());
  DataConfig archived = config;
  archived.path = (other.path() / "a.tar.gz").string();
  const LabelledImages a = read_training_images(config);
  const LabelledImages b = read_training_images(archived);
  REQUIRE(a.values == b.values);
  REQUIRE(a.labels == b.labels);
  REQUIRE(a.class_names == std::vector<std::string>{"no", "yes"});
  REQUIRE(a.size() + read_test_images(config).size() == 24);
  for (int64_t i = 0; i < a.size(); ++i) {
    REQUIRE(a.labels[static_cast<size_t>(i)] == 1 - values(a)[static_cast<size_t>(i)] % 2);
  }
}

TEST_CASE("names of files choose the test split", "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  config.audio.test_names = "*_[0-1].wav";
  const auto test = values(read_test_images(config));
  REQUIRE(test.size() == 8);
  for (const int value : test) REQUIRE(value % 100 < 2);
  REQUIRE(read_training_images(config).size() == 16);
  config.audio.test_names = "*_x.wav";
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring("fits 0 of 24 recordings"));
}

TEST_CASE("a damaged test recording is found without a test", "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  config.audio.test_names = "*_ann_*";
  REQUIRE_NOTHROW(check_test_images(config));
  folder.write("no_ann_1.wav", wav_of({1}, 1000).substr(0, 40));
  REQUIRE_THROWS_WITH(check_test_images(config), ContainsSubstring("no_ann_1.wav"));
}

TEST_CASE("with split_by group no speaker is in two splits", "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  config.audio.split_by = "group";
  config.split_seed = GENERATE(range(0, 8));
  const LabelledImages training = read_training_images(config);
  const auto test = speakers(read_test_images(config));
  REQUIRE(test.size() == 1);
  REQUIRE(speakers(training).size() == 3);
  REQUIRE_FALSE(speakers(training).contains(*test.begin()));
  const Split split = split_training({training.labels, training.groups}, config);
  const auto of = [&](const std::vector<int64_t>& indices) {
    std::set<int> found;
    for (const int64_t i : indices) found.insert(values(training)[static_cast<size_t>(i)] / 100);
    return found;
  };
  REQUIRE(of(split.validation).size() == 1);
  REQUIRE(of(split.train).size() == 2);
  REQUIRE_FALSE(of(split.train).contains(*of(split.validation).begin()));
}

TEST_CASE("a test split by names may not share a speaker that is to be kept whole",
          "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  config.audio.split_by = "group";
  config.audio.test_names = "*_ann_*";
  REQUIRE(speakers(read_test_images(config)) == std::set<int>{1});
  config.audio.test_names = "*_1.wav";
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring("expected whole groups"));
}

TEST_CASE("a list tells classes and groups instead of names", "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  const std::string list = (folder.path() / "list.csv").string();
  config.audio.list = list;
  config.audio.names = "{label}/*";
  config.test = 0;
  folder.write("list.csv", "label,file\nfirst,yes_ann_0.wav\nsecond,no_bob_1.wav\n");
  const LabelledImages clips = read_training_images(config);
  REQUIRE(clips.class_names == std::vector<std::string>{"first", "second"});
  REQUIRE(values(clips) == std::vector<int>{201, 100});
  REQUIRE(clips.labels == std::vector<int64_t>{1, 0});
  config.audio.split_by = "group";
  config.test = 0.5;
  folder.write("list.csv",
               "file,label,group\nyes_ann_0.wav,a,1\nno_ann_1.wav,b,1\nno_di_1.wav,b,2\n");
  const auto size = read_test_images(config).size();
  REQUIRE((size == 1 || size == 2));
  struct Row {
    const char* text;
    const char* message;
  };
  const Row row = GENERATE_COPY(
      Row{"file,label\nx.wav,a\nno_ann_1.wav,b\n", "list.csv:2: column 'file': found 'x.wav'"},
      Row{"file,label\nno_ann_1.wav,a\nno_ann_1.wav,b\n", "list.csv:3: column 'file': found"},
      Row{"file,label\nno_ann_1.wav,\nno_ann_1.wav,b\n",
          "list.csv:2: column 'label': found nothing"},
      Row{"name,label\nno_ann_1.wav,a\n", "list: found 'file', expected"},
      Row{"file,label\nno_ann_1.wav,a\nno_di_1.wav,a\n", "at least 2 classes, found 1"},
      Row{"file,label\nno_ann_1.wav,a\nno_di_1.wav,b\n", "found 1 group of examples"});
  folder.write("list.csv", row.text);
  REQUIRE_THROWS_WITH(read_training_images(config), ContainsSubstring(row.message));
}

TEST_CASE("recordings that do not fit are refused with their name", "[data][audio]") {
  const TemporaryFolder folder;
  DataConfig config = recordings_in(folder);
  SECTION("a name unlike the pattern") {
    folder.write("odd.wav", wav_of({1}, 1000));
    REQUIRE_THROWS_WITH(read_training_images(config),
                        ContainsSubstring("recording 'odd.wav': expected a name like"));
  }
  SECTION("another rate") {
    folder.write("no_zoe_1.wav", wav_of({1}, 2000));
    config.test = 0;
    REQUIRE_THROWS_WITH(read_training_images(config),
                        ContainsSubstring("no_zoe_1.wav': found a rate of 2000 Hz, expected 1000"));
  }
  SECTION("another rate than the one that is asked for") {
    config.audio.sample_rate = 500;
    config.audio.seconds = 0.02;
    config.audio.window = 0.008;
    config.audio.hop = 0.004;
    REQUIRE_THROWS_WITH(read_training_images(config),
                        ContainsSubstring("expected 500 as in data.audio.sample_rate"));
  }
  SECTION("no WAV file") {
    folder.write("no_ann_1.wav", "ID3");
    config.test = 0;
    REQUIRE_THROWS_WITH(read_training_images(config),
                        ContainsSubstring("no_ann_1.wav', offset 0: found 3 bytes"));
  }
  SECTION("more bands than frequencies") {
    config.audio.mels = 40;
    REQUIRE(task_shape(config).input == Shape{1, 40, 4});
    REQUIRE_THROWS_WITH(mel_filters(log_mel_of(config.audio, 1000)),
                        ContainsSubstring("expected fewer mels or a longer window"));
  }
  SECTION("bands beyond half the rate") {
    config.audio.high = 501;
    REQUIRE_THROWS_WITH(task_shape(config), ContainsSubstring("at most 500 Hz"));
  }
  SECTION("a hop of no samples") {
    config.audio.hop = 0.0001;
    REQUIRE_THROWS_WITH(task_shape(config), ContainsSubstring("0 in a hop"));
  }
}

TEST_CASE("hidden files and other files are left out", "[data][audio]") {
  const TemporaryFolder folder;
  const DataConfig config = recordings_in(folder);
  folder.write("._no_ann_1.wav", "junk");
  folder.write("README.md", "text");
  REQUIRE(read_training_images(config).size() + read_test_images(config).size() == 24);
}

TEST_CASE("mistakes in `data.audio` name key and place", "[data][audio]") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row row = GENERATE(Row{"names: x\n", "expected {label} in it once"},
                           Row{"split_by: group\n", "expected {group} in `names` or a `list`"},
                           Row{"low: 300\nhigh: 200\n", "expected more than `low`"},
                           Row{"seconds: 0.02\n", "expected a part of it"},
                           Row{"mels: 1\n", "mels"}, Row{"split_by: speaker\n", "split_by"});
  INFO(row.text);
  AudioConfig config;
  const auto read = [&] {
    read_config_text(row.text, "test.yaml", {},
                     [&](Section& section) { describe(section, config); });
  };
  REQUIRE_THROWS_AS(read(), ConfigError);
  REQUIRE_THROWS_WITH(read(), ContainsSubstring(row.message));
}

TEST_CASE("triangles of mel bands rise and fall between their neighbours' middles",
          "[data][audio]") {
  AudioConfig config;
  config.window = 0.032;
  config.mels = 20;
  const LogMel setting = log_mel_of(config, 8000);
  REQUIRE(setting.window == 256);
  REQUIRE(setting.fft == 256);
  REQUIRE(setting.columns() == 49);
  const auto filters = mel_filters(setting);
  REQUIRE(filters.size() == 20 * 129);
  // At each frequency between the first and the last middle two triangles meet, and sum to 1.
  for (int64_t bin = 4; bin < 110; ++bin) {
    double sum = 0;
    for (int64_t mel = 0; mel < 20; ++mel) sum += filters[static_cast<size_t>(mel * 129 + bin)];
    REQUIRE(sum == Approx(1).epsilon(1e-12));
  }
  // 1,000 mel are 1,000 Hz.
  config.low = 0;
  config.high = 1000;
  config.mels = 3;
  const auto low = mel_filters(log_mel_of(config, 8000));
  const double middle = 700 * (std::pow(10.0, 250.0 / 2595) - 1);
  const auto peak = std::max_element(low.begin(), low.begin() + 129) - low.begin();
  REQUIRE(static_cast<double>(peak) * 31.25 == Approx(middle).margin(31.25 / 2));
}

}  // namespace nas
