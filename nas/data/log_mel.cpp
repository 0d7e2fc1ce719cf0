#include "nas/data/log_mel.hpp"

#include <algorithm>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Clips at once: bounds the memory of their spectra.
constexpr int64_t kClips = 256;

/// [N, mels, columns]
torch::Tensor spectrograms(const torch::Tensor& clips, const LogMel& setting,
                           const torch::Tensor& window, const torch::Tensor& filters) {
  const torch::Tensor frames =
      clips.to(torch::kDouble).unfold(1, setting.window, setting.hop) * window;
  const torch::Tensor spectra = torch::fft_rfft(frames, setting.fft);
  const torch::Tensor powers = torch::real(spectra).square() + torch::imag(spectra).square();
  return (powers.matmul(filters) + LogMel::kFloor).log().transpose(1, 2).to(torch::kFloat32);
}

}  // namespace

torch::Tensor log_mel(const torch::Tensor& clips, const LogMel& setting) {
  const torch::NoGradGuard no_grad;
  const auto options = torch::TensorOptions(clips.device()).dtype(torch::kDouble);
  const torch::Tensor window = torch::hann_window(setting.window, /*periodic=*/true, options);
  const torch::Tensor filters = torch::tensor(at::ArrayRef<double>(mel_filters(setting)), options)
                                    .view({setting.mels, setting.bins()})
                                    .t();
  const int64_t count = clips.size(0);
  torch::Tensor features = torch::empty({count, 1, setting.mels, setting.columns()},
                                        clips.options().dtype(torch::kFloat32));
  for (int64_t i = 0; i < count; i += kClips) {
    const int64_t size = std::min(kClips, count - i);
    features.narrow(0, i, size)
        .select(1, 0)
        .copy_(spectrograms(clips.narrow(0, i, size), setting, window, filters));
  }
  return features;
}

}  // namespace nas
