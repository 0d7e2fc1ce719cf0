#include "nas/data/log_mel.hpp"

#include <cmath>
#include <numbers>

#include "nas/core/file.hpp"
#include "nas/data/dataset.hpp"
#include "nas/torch/torch.hpp"
#include "tests/data_readers/wav.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

/// The formula of LogMel as it stands, with a Fourier sum a bin.
double by_hand(const std::vector<float>& clip, const LogMel& s, int64_t mel, int64_t column) {
  const auto filters = mel_filters(s);
  double sum = 0;
  for (int64_t bin = 0; bin < s.bins(); ++bin) {
    double re = 0;
    double im = 0;
    for (int64_t i = 0; i < s.window; ++i) {
      const double turn = 2 * std::numbers::pi * static_cast<double>(i);
      const double hann = 0.5 - 0.5 * std::cos(turn / static_cast<double>(s.window));
      const double x = double{clip[static_cast<size_t>(column * s.hop + i)]} * hann;
      const double angle = turn * static_cast<double>(bin) / static_cast<double>(s.fft);
      re += x * std::cos(angle);
      im -= x * std::sin(angle);
    }
    sum += filters[static_cast<size_t>(mel * s.bins() + bin)] * (re * re + im * im);
  }
  return std::log(sum + 1e-6);
}

LogMel setting() {
  AudioConfig config;
  config.seconds = 0.1;
  config.window = 0.025;  // 200 samples in a transform of 256
  config.hop = 0.01;
  config.mels = 20;
  return log_mel_of(config, 8000);
}

std::vector<float> noise(int64_t count) {
  torch::manual_seed(1);
  const torch::Tensor values = torch::randn({count}) * 0.1;
  return {values.const_data_ptr<float>(), values.const_data_ptr<float>() + count};
}

torch::Tensor clips_of(const std::vector<float>& values) {
  return torch::tensor(at::ArrayRef<float>(values)).unsqueeze(0);
}

}  // namespace

TEST_CASE("spectrograms follow the formula, summed by hand", "[data][audio]") {
  const LogMel s = setting();
  const auto clip = noise(s.samples);
  const torch::Tensor features = log_mel(clips_of(clip), s);
  REQUIRE(features.sizes() == torch::IntArrayRef({1, 1, 20, 8}));
  REQUIRE(features.scalar_type() == torch::kFloat32);
  for (int64_t mel = 0; mel < 20; mel += 3) {
    for (int64_t column = 0; column < 8; ++column) {
      REQUIRE(features[0][0][mel][column].item<double>() ==
              Approx(by_hand(clip, s, mel, column)).margin(1e-5));
    }
  }
}

TEST_CASE("a tone is loudest in the band that holds it, silence is the floor", "[data][audio]") {
  const LogMel s = setting();
  std::vector<float> clip(static_cast<size_t>(s.samples));
  for (size_t i = 0; i < clip.size() / 2; ++i) {
    clip[i] = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 1000 / 8000 * double(i)));
  }
  const torch::Tensor features = log_mel(clips_of(clip), s)[0][0];
  // 1,000 Hz are 1,000 mel; the middles of bands are 1 / 21 of 31.7 to 2,146 mel apart.
  const int64_t band = std::llround((1000 - 31.7) / ((2146.1 - 31.7) / 21)) - 1;
  REQUIRE(features.select(1, 0).argmax().item<int64_t>() == band);
  // A tone of amplitude A under a Hann window of W: the peak of the power is (A W / 4)^2.
  REQUIRE(features[band][0].item<double>() > std::log(std::pow(0.5 * 200 / 4, 2)));
  REQUIRE(features[band][7].item<double>() == Approx(std::log(1e-6)));
}

TEST_CASE("clips do not depend on those beside them", "[data][audio]") {
  const LogMel s = setting();
  const torch::Tensor clips = torch::randn({300, s.samples}) * 0.1;
  const torch::Tensor all = log_mel(clips, s);
  for (const int64_t i : {0, 255, 256, 299}) {
    REQUIRE(all[i].equal(log_mel(clips.narrow(0, i, 1), s)[0]));
  }
}

TEST_CASE("recordings become normalised spectrograms", "[data][audio]") {
  const Scratch folder;
  std::filesystem::create_directories(folder / "a");
  std::filesystem::create_directories(folder / "b");
  const auto values = noise(20 * 1000);
  for (int i = 0; i < 20; ++i) {
    std::vector<int16_t> clip(1000);
    for (size_t j = 0; j < clip.size(); ++j) {
      clip[j] = static_cast<int16_t>(32767 * 0.2F * values[static_cast<size_t>(i) * 1000 + j]);
    }
    write_file_atomically(folder / ((i % 2 == 0 ? "a/" : "b/") + std::to_string(i) + ".wav"),
                          test::wav_of(clip));
  }
  DataConfig config;
  config.dataset = "audio";
  config.path = folder.path().string();
  config.audio.seconds = 0.1;
  config.audio.mels = 10;
  const torch::Device cpu(torch::kCPU);
  const TrainingData data = load_for_search(config, cpu);
  REQUIRE(data.log_mel.has_value());
  REQUIRE(data.task.input == Shape{1, 10, 4});
  REQUIRE(data.train.images.sizes() == torch::IntArrayRef({13, 1, 10, 4}));
  REQUIRE(data.validation.size() == 3);
  REQUIRE(load_test(config, cpu).images.sizes() == torch::IntArrayRef({4, 1, 10, 4}));
  const torch::Tensor x = normalized(data.train, torch::arange(13), data.normalization);
  REQUIRE(x.mean().item<double>() == Approx(0).margin(1e-5));
  REQUIRE(x.std(false).item<double>() == Approx(1).margin(1e-5));
  REQUIRE(load_for_retraining(config, cpu).train.size() == 16);
}

}  // namespace nas
