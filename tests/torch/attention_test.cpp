#include <cmath>

#include "nas/plan/cost.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

using test::chain;

const torch::Device kCpu(torch::kCPU);

}  // namespace

TEST_CASE("layer norm, GELU and position embedding compute what LibTorch's own modules compute",
          "[torch]") {
  const torch::Tensor x = torch::randn({2, 6, 3, 5});
  SECTION("layer norm over the channels of each position") {
    const auto network = build_network(chain({LayerNorm{6}}), 3, kCpu);
    const auto parameters = network->parameters();
    const torch::NoGradGuard no_grad;
    parameters[0].copy_(torch::randn({6}));
    parameters[1].copy_(torch::randn({6}));
    const torch::Tensor mean = x.mean(1, true);
    const torch::Tensor variance = x.var(1, /*unbiased=*/false, true);
    const torch::Tensor expected =
        (x - mean) / (variance + 1e-5).sqrt() * parameters[0].view({1, 6, 1, 1}) +
        parameters[1].view({1, 6, 1, 1});
    REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-4, 1e-5));
  }
  SECTION("GELU by the error function") {
    const auto network = build_network(chain({Gelu{}}), 3, kCpu);
    const torch::Tensor expected = 0.5 * x * (1 + torch::erf(x / std::sqrt(2.0)));
    REQUIRE(torch::allclose(network->forward(x).front(), expected, 1e-5, 1e-6));
  }
  SECTION("a position embedding is the same for every sample") {
    const auto network = build_network(chain({PositionEmbedding{6, 3, 5}}), 3, kCpu);
    const torch::Tensor embedding = network->parameters().front();
    REQUIRE(embedding.sizes() == torch::IntArrayRef({1, 6, 3, 5}));
    REQUIRE(network->forward(x).front().equal(x + embedding));
  }
}

TEST_CASE("position embeddings start normal with deviation 0.02", "[torch]") {
  const auto network = build_network(chain({PositionEmbedding{64, 16, 16}}), 3, kCpu);
  const torch::Tensor weight = network->parameters().front();
  REQUIRE(weight.std().item<double>() == Approx(0.02).epsilon(0.05));
  REQUIRE(std::abs(weight.mean().item<double>()) < 0.001);
}

TEST_CASE("attention mixes positions head by head as LibTorch's own does", "[torch]") {
  const int64_t heads = 3;
  const int64_t size = 4;
  const torch::Tensor x = torch::randn({2, 3 * heads * size, 3, 5}).requires_grad_();
  const auto network = build_network(chain({Attention{heads * size, heads}}), 3, kCpu);
  const torch::Tensor y = network->forward(x).front();
  std::vector<torch::Tensor> outputs;
  for (int64_t head = 0; head < heads; ++head) {
    // [N, 1, H*W, size]
    const auto part = [&](int64_t which) {
      return x.narrow(1, (3 * head + which) * size, size).flatten(2).transpose(1, 2).unsqueeze(1);
    };
    outputs.push_back(torch::scaled_dot_product_attention(part(0), part(1), part(2))
                          .squeeze(1)
                          .transpose(1, 2)
                          .reshape({2, size, 3, 5}));
  }
  const torch::Tensor expected = torch::cat(outputs, 1);
  REQUIRE(torch::allclose(y, expected, 1e-4, 1e-5));
  const torch::Tensor target = torch::randn_like(y);
  const auto own = torch::autograd::grad({(y * target).sum()}, {x});
  const auto reference = torch::autograd::grad({(expected * target).sum()}, {x});
  REQUIRE(torch::allclose(own.front(), reference.front(), 1e-3, 1e-5));
}

TEST_CASE("fewer heads are the first channels of more heads", "[torch]") {
  const auto two = build_network(chain({Attention{8, 2}}), 3, kCpu);
  const auto three = build_network(chain({Attention{12, 3}}), 3, kCpu);
  const torch::Tensor x = torch::randn({2, 36, 4, 4});
  const torch::Tensor first = three->forward(x).front().narrow(1, 0, 8);
  REQUIRE(torch::allclose(two->forward(x.narrow(1, 0, 24)).front(), first, 1e-5, 1e-6));
}

TEST_CASE("a transformer block has the shapes and parameters of its plan", "[torch]") {
  const NetworkPlan plan = chain({test::convolution(3, 8, 3), PositionEmbedding{8, 6, 6},
                                  LayerNorm{8}, test::convolution(8, 36, 1), Attention{12, 3},
                                  Gelu{}, GlobalAveragePool{}, Linear{12, 5, true}});
  const auto network = build_network(plan, 1, kCpu);
  int64_t count = 0;
  for (const torch::Tensor& parameter : network->parameters()) count += parameter.numel();
  REQUIRE(count == cost(plan, {3, 6, 6}).parameters);
  REQUIRE(count == 3 * 8 * 9 + 8 * 36 + 2 * 8 + 8 * 36 + 12 * 5 + 5);
  network->forward(torch::randn({2, 3, 6, 6})).front().pow(2).sum().backward();
  for (const auto& item : network->named_parameters()) {
    INFO(item.key());
    REQUIRE(item.value().grad().abs().sum().item<double>() > 0);
  }
}

}  // namespace nas
