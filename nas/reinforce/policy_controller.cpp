#include "nas/reinforce/policy_controller.hpp"

#include "nas/torch/torch.hpp"

namespace nas {

void PolicyController::act(const Moment& moment, Levers& levers) {
  const torch::NoGradGuard no_grad;
  const int64_t halls = moment.simulator.environments();
  const torch::Tensor seen = torch::empty({halls, kObservations}, torch::kFloat);
  observe(moment, levers, {seen.data_ptr<float>(), static_cast<size_t>(seen.numel())});
  const torch::Tensor actions = policy_.forward(seen).mean.contiguous();
  set_levers(moment, {actions.data_ptr<float>(), static_cast<size_t>(actions.numel())}, levers);
}

}  // namespace nas
