#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "nas/data/dataset.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/module_builder.hpp"
#include "tests/support/digits.hpp"

namespace nas::test {

/// A folder of its own that goes away with the object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "nas-train-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// For 1x8x8 pictures and ten classes: two convolutions with batch norm, a path that may be
/// dropped, and an auxiliary head.
inline NetworkPlan small_plan() {
  PlanBuilder builder;
  const auto convolution = [](int64_t in, int64_t out, int64_t stride) {
    Convolution layer;
    layer.in_channels = in;
    layer.out_channels = out;
    layer.kernel = {3, 3};
    layer.padding = {1, 1};
    layer.stride = stride;
    return layer;
  };
  int64_t x = builder.add(convolution(1, 8, 1), {PlanBuilder::kInput}, "stem.conv");
  x = builder.add(BatchNorm{8, true}, {x}, "stem.norm");
  int64_t path = builder.add(Relu{}, {x}, "path.relu");
  path = builder.add(convolution(8, 8, 1), {path}, "path.conv");
  path = builder.add(BatchNorm{8, true}, {path}, "path.norm");
  path = builder.add(DropPath{}, {path}, "path.drop");
  x = builder.add(Add{}, {x, path}, "sum");
  const int64_t pooled = builder.add(GlobalAveragePool{}, {x}, "pool");
  const int64_t auxiliary = builder.add(Linear{8, 10, true}, {pooled}, "auxiliary");
  x = builder.add(Relu{}, {x}, "end.relu");
  x = builder.add(convolution(8, 16, 2), {x}, "end.conv");
  x = builder.add(GlobalAveragePool{}, {x}, "end.pool");
  const int64_t logits = builder.add(Linear{16, 10, true}, {x}, "head");
  return std::move(builder).finish({logits, auxiliary});
}

}  // namespace nas::test
