#include "nas/torch/device.hpp"

#include <torch/version.h>

#include <cstdlib>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("devices are chosen by name", "[torch]") {
  REQUIRE(select_device("cpu").is_cpu());
  REQUIRE(select_device("auto").is_cuda() == torch::cuda::is_available());
  for (const char* name : {"gpu", "", "cuda:", "cuda:x", "cuda:-1", "cuda:99", "cpu:0"}) {
    INFO(name);
    REQUIRE_THROWS_AS(select_device(name), UsageError);
  }
}

TEST_CASE("what decides bits is set and told", "[torch]") {
  configure_torch({1, true});
  REQUIRE(at::globalContext().deterministicAlgorithms());
  REQUIRE(at::globalContext().deterministicCuDNN());
  REQUIRE_FALSE(at::globalContext().benchmarkCuDNN());
  REQUIRE(at::get_num_threads() == 1);
  REQUIRE(std::string(std::getenv("CUBLAS_WORKSPACE_CONFIG")) == ":4096:8");
  const Json facts = describe_device(torch::kCPU);
  REQUIRE(facts.at("device") == "cpu");
  REQUIRE(facts.at("libtorch") == TORCH_VERSION);
  REQUIRE(facts.at("cpu").at("threads") == 1);
  REQUIRE_FALSE(facts.at("cpu").at("capability").get<std::string>().empty());
}

}  // namespace nas
