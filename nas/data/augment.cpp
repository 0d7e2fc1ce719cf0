#include "nas/data/augment.hpp"

#include <cstring>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/data/augment_sound.hpp"
#include "nas/torch/torch.hpp"
#ifdef NAS_WITH_CUDA
#include "nas/torch/cuda_device.hpp"
#endif

namespace nas {
namespace {

constexpr float kWhite = 255.0f;
constexpr int64_t kDrawNumbers = 5;
static_assert(sizeof(AugmentDraw) == kDrawNumbers * sizeof(int32_t));

Shape shape_of(const Examples& examples) {
  return {examples.images.size(1), examples.images.size(2), examples.images.size(3)};
}

/// `pixels` are fresh: a table's numbers are changed in place.
torch::Tensor normalize(const torch::Tensor& pixels, const Normalization& normalization) {
  const torch::Tensor values =
      pixels.to(pixels.device(), torch::kFloat32, false, false, torch::MemoryFormat::ChannelsLast);
  if (pixels.scalar_type() == torch::kUInt8) values.div_(kWhite);
  return values.sub_(normalization.mean).div_(normalization.deviation);
}

/// [B, size]: true for positions in a square of `side` around each centre.
torch::Tensor inside_cutout(const torch::Tensor& positions, const torch::Tensor& centers,
                            int64_t side) {
  const torch::Tensor first = centers - side / 2;
  return positions.ge(first).logical_and_(positions.lt(first + side));
}

torch::Tensor crop_and_flip(const torch::Tensor& images, const torch::Tensor& draws,
                            int64_t padding) {
  const int64_t height = images.size(2);
  const int64_t width = images.size(3);
  const auto options = draws.options().dtype(torch::kInt64);
  const torch::Tensor column = torch::arange(width, options).unsqueeze(0);
  const torch::Tensor flipped =
      torch::where(draws.select(1, 2).ne(0).unsqueeze(1), width - 1 - column, column);
  const torch::Tensor x = flipped + draws.narrow(1, 1, 1) - padding;
  const torch::Tensor y =
      torch::arange(height, options).unsqueeze(0) + draws.narrow(1, 0, 1) - padding;
  const torch::Tensor place =
      (y.clamp(0, height - 1) * width).unsqueeze(2) + x.clamp(0, width - 1).unsqueeze(1);
  const torch::Tensor moved =
      images.flatten(2).gather(2, place.flatten(1).unsqueeze(1).expand({-1, images.size(1), -1}));
  const torch::Tensor y_inside = y.ge(0).logical_and_(y.lt(height)).unsqueeze(2);
  const torch::Tensor x_inside = x.ge(0).logical_and_(x.lt(width)).unsqueeze(1);
  const torch::Tensor inside = y_inside.logical_and(x_inside).unsqueeze(1);
  return moved.view_as(images).mul_(inside.to(torch::kUInt8));
}

bool holds_sounds(const Examples& examples) {
  return examples.images.scalar_type() != torch::kUInt8 && examples.images.size(3) > 1;
}

void check_kind(const Examples& examples, const AugmentConfig& config) {
  if (config.of_sounds() && !holds_sounds(examples)) {
    throw InputError(
        "augment: found time_shift, time_mask or frequency_mask, expected recordings in WAV files "
        "for them");
  }
  if (config.of_pictures() && examples.images.scalar_type() != torch::kUInt8) {
    throw InputError(
        "augment: found flip, crop_padding or cutout for a table or recordings, expected none: "
        "only "
        "pictures can be augmented like this");
  }
}

#ifdef NAS_WITH_CUDA
torch::Tensor augmented_by_kernel(const Examples& examples, const torch::Tensor& indices,
                                  const Normalization& normalization, const AugmentConfig& config,
                                  const torch::Tensor& draws) {
  const torch::Device device = examples.images.device();
  const c10::DeviceGuard guard(device);
  const Shape shape = shape_of(examples);
  const torch::Tensor images = examples.images.contiguous();
  const torch::Tensor chosen = indices.contiguous();
  const torch::Tensor moves = draws.contiguous();
  const torch::Tensor mean = normalization.mean.contiguous();
  const torch::Tensor deviation = normalization.deviation.contiguous();
  torch::Tensor out =
      at::empty({indices.size(0), shape.channels, shape.height, shape.width},
                images.options().dtype(torch::kFloat32), torch::MemoryFormat::ChannelsLast);
  AugmentLaunch launch;
  launch.images = images.const_data_ptr<uint8_t>();
  launch.indices = chosen.const_data_ptr<int64_t>();
  launch.draws = static_cast<const AugmentDraw*>(moves.const_data_ptr());
  launch.mean = mean.const_data_ptr<float>();
  launch.deviation = deviation.const_data_ptr<float>();
  launch.out = out.data_ptr<float>();
  launch.batch = indices.size(0);
  launch.channels = static_cast<int32_t>(shape.channels);
  launch.height = static_cast<int32_t>(shape.height);
  launch.width = static_cast<int32_t>(shape.width);
  launch.padding = static_cast<int32_t>(config.crop_padding);
  launch.cutout = static_cast<int32_t>(config.cutout);
  const int status = launch_augment(launch, current_cuda_stream(device.index()));
  if (status != 0) throw RunError("augmentation kernel: CUDA error " + std::to_string(status));
  return out;
}
#endif

}  // namespace

std::vector<AugmentDraw> draw_augmentation(int64_t batch, const Shape& shape,
                                           const AugmentConfig& config, uint64_t seed) {
  RandomStream stream(seed, "data.augment");
  std::vector<AugmentDraw> draws(static_cast<size_t>(batch));
  const auto below = [&](int64_t bound) { return static_cast<int32_t>(stream.below(bound)); };
  for (AugmentDraw& draw : draws) {
    draw.crop_y = below(2 * config.crop_padding + 1);
    draw.crop_x = below(2 * config.crop_padding + 1);
    draw.flip = config.flip ? below(2) : 0;
    draw.cutout_y = config.cutout > 0 ? below(shape.height) : 0;
    draw.cutout_x = config.cutout > 0 ? below(shape.width) : 0;
  }
  return draws;
}

torch::Tensor draw_tensor(const std::vector<AugmentDraw>& draws) {
  torch::Tensor host =
      torch::empty({static_cast<int64_t>(draws.size()), kDrawNumbers}, torch::kInt32);
  std::memcpy(host.data_ptr<int32_t>(), draws.data(), draws.size() * sizeof(AugmentDraw));
  return host;
}

torch::Tensor augmented_by_tensors(const Examples& examples, const torch::Tensor& indices,
                                   const Normalization& normalization, const AugmentConfig& config,
                                   const torch::Tensor& moves) {
  const torch::NoGradGuard no_grad;
  torch::Tensor pixels = examples.images.index_select(0, indices);
  if (config.flip || config.crop_padding > 0) {
    pixels = crop_and_flip(pixels, moves, config.crop_padding);
  }
  const torch::Tensor values = normalize(pixels, normalization);
  if (config.cutout == 0) return values;
  const auto options = moves.options();
  const torch::Tensor rows = inside_cutout(torch::arange(values.size(2), options).unsqueeze(0),
                                           moves.narrow(1, 3, 1), config.cutout);
  const torch::Tensor columns = inside_cutout(torch::arange(values.size(3), options).unsqueeze(0),
                                              moves.narrow(1, 4, 1), config.cutout);
  const torch::Tensor square = rows.unsqueeze(2).logical_and(columns.unsqueeze(1)).unsqueeze(1);
  return values.masked_fill_(square, 0);
}

bool has_augment_kernel() {
#ifdef NAS_WITH_CUDA
  return true;
#else
  return false;
#endif
}

torch::Tensor normalized(const Examples& examples, const torch::Tensor& indices,
                         const Normalization& normalization) {
  const torch::NoGradGuard no_grad;
  return normalize(examples.images.index_select(0, indices), normalization);
}

torch::Tensor augmented(const Examples& examples, const torch::Tensor& indices,
                        const Normalization& normalization, const AugmentConfig& config,
                        uint64_t seed) {
  return augmented(examples, BatchPart{indices, 0, indices.size(0)}, normalization, config, seed);
}

torch::Tensor augmented(const Examples& examples, const BatchPart& part,
                        const Normalization& normalization, const AugmentConfig& config,
                        uint64_t seed) {
  const torch::Tensor indices = part.indices.narrow(0, part.first, part.count);
  const torch::Tensor all = augmentation_draws(examples, part.indices.size(0), config, seed);
  // Drawn for the whole batch, whoever has which part.
  const torch::Tensor draws =
      all.defined() ? all.narrow(0, part.first, part.count).to(examples.images.device()) : all;
  return augmented(examples, indices, normalization, config, draws);
}

torch::Tensor augmentation_draws(const Examples& examples, int64_t count,
                                 const AugmentConfig& config, uint64_t seed) {
  check_kind(examples, config);
  const Shape shape = shape_of(examples);
  if (config.of_sounds()) return draw_tensor(draw_sound_augmentation(count, shape, config, seed));
  if (!config.of_pictures()) return {};
  return draw_tensor(draw_augmentation(count, shape, config, seed));
}

torch::Tensor augmented(const Examples& examples, const torch::Tensor& indices,
                        const Normalization& normalization, const AugmentConfig& config,
                        const torch::Tensor& draws) {
  if (!draws.defined()) return normalized(examples, indices, normalization);
  if (config.of_sounds()) return augmented_sounds(examples, indices, normalization, draws);
#ifdef NAS_WITH_CUDA
  if (examples.images.is_cuda()) {
    return augmented_by_kernel(examples, indices, normalization, config, draws);
  }
#endif
  return augmented_by_tensors(examples, indices, normalization, config, draws);
}

}  // namespace nas
