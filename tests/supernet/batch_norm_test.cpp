#include "nas/supernet/batch_norm.hpp"

#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// A batch norm on the images, and one behind it.
std::shared_ptr<Network> two_norms() {
  return build_network(
      test::chain({BatchNorm{3}, Relu{}, BatchNorm{3}, GlobalAveragePool{}, Linear{3, 2, true}}), 4,
      torch::kCPU);
}

torch::Tensor buffer(const Network& network, const std::string& name) {
  return network.named_buffers()[name];
}

std::vector<torch::Tensor> batches(int64_t count) {
  torch::manual_seed(9);
  std::vector<torch::Tensor> list;
  for (int64_t i = 0; i < count; ++i) {
    list.push_back(torch::randn({5 + i, 3, 4, 4}) * (0.5 + static_cast<double>(i)) + 2);
  }
  return list;
}

}  // namespace

TEST_CASE("recalibrated statistics are means over the batches, whatever was there", "[shared]") {
  const auto network = two_norms();
  const auto list = batches(4);
  for (torch::Tensor& old : network->buffers()) old.fill_(NAN);
  recalibrate_batch_norms(*network, list);
  REQUIRE_FALSE(network->is_training());
  torch::Tensor mean = torch::zeros({3});
  torch::Tensor variance = torch::zeros({3});
  torch::Tensor deeper = torch::zeros({3});
  for (const auto& batch : list) {
    mean += batch.mean({0, 2, 3}) / 4;
    variance += batch.var({0, 2, 3}) / 4;
    const auto normed = torch::batch_norm(batch, {}, {}, {}, {}, true, 0.1, 1e-5, false);
    deeper += torch::relu(normed).mean({0, 2, 3}) / 4;
  }
  REQUIRE(torch::allclose(buffer(*network, "layers.0.running_mean"), mean, 1e-5, 1e-6));
  REQUIRE(torch::allclose(buffer(*network, "layers.0.running_var"), variance, 1e-5, 1e-6));
  REQUIRE(torch::allclose(buffer(*network, "layers.2.running_mean"), deeper, 1e-5, 1e-6));

  // The usual momentum is back.
  network->train();
  network->forward(list[0]);
  const torch::Tensor moved = mean * 0.9 + list[0].mean({0, 2, 3}) * 0.1;
  REQUIRE(torch::allclose(buffer(*network, "layers.0.running_mean"), moved, 1e-5, 1e-6));
}

TEST_CASE("without batches the statistics stay", "[shared]") {
  const auto network = two_norms();
  const NamedTensors before = test::copied(state_of(*network));
  recalibrate_batch_norms(*network, {});
  REQUIRE(test::identical(before, state_of(*network)));
}

}  // namespace nas
