#include "tools/trained_int8.hpp"

#include <span>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/core/safetensors.hpp"

namespace nas {
namespace {

Json to_json(const std::vector<Grid>& grids) {
  Json list = Json::array();
  for (const Grid& grid : grids) list.push_back({grid.scale, grid.zero});
  return list;
}

std::vector<Grid> grids_from(const Json& metadata, const std::filesystem::path& path) {
  const Json list = Json::parse(metadata.value("grids", ""), nullptr, /*allow_exceptions=*/false);
  std::vector<Grid> grids;
  try {
    for (const auto& [scale, zero] : list.get<std::vector<std::pair<float, int32_t>>>()) {
      if (!(scale > 0) || zero < -128 || zero > 127) {
        throw InputError(path.string() + ": 'grids' in its metadata: found a grid that is none");
      }
      grids.push_back({scale, zero});
    }
  } catch (const Json::exception&) {
    throw InputError(path.string() + ": 'grids' in its metadata: found no list of scale and zero");
  }
  return grids;
}

}  // namespace

void save_trained_int8(const std::filesystem::path& path, const TrainedQuantization& trained,
                       const Int8Origin& origin) {
  std::vector<NamedArray> arrays;
  for (const auto& [name, weight] : trained.weights) {
    const auto bytes = std::as_bytes(std::span(weight.values));
    arrays.push_back({name,
                      ArrayType::float32,
                      weight.shape,
                      {reinterpret_cast<const char*>(bytes.data()), bytes.size()}});
  }
  write_file_atomically(path, encode_safetensors(arrays, {{"grids", to_json(trained.grids).dump()},
                                                          {"source", origin.source},
                                                          {"training", origin.training}}));
}

std::optional<TrainedQuantization> load_trained_int8(const std::filesystem::path& path,
                                                     const std::string& source) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  const Safetensors file = read_safetensors(path);
  if (file.metadata.value("source", "") != source) return std::nullopt;
  return TrainedQuantization{weights_of(file), grids_from(file.metadata, path)};
}

bool holds_int8_of(const std::filesystem::path& path, const Int8Origin& origin) {
  if (!std::filesystem::exists(path)) return false;
  const Json facts = read_safetensors(path).metadata;
  return facts.value("source", "") == origin.source &&
         facts.value("training", "") == origin.training;
}

}  // namespace nas
