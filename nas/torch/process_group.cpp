#include "nas/torch/process_group.hpp"

#include <chrono>
#include <cstring>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "nas/torch/backends.hpp"
#include "nas/torch/rendezvous_store.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr const char* kLost =
    "another of the processes that train together is gone or does not answer";

BackendPlace place_of(Rendezvous& rendezvous, const ProcessRank& self, const std::string& name) {
  return {c10::make_intrusive<c10d::PrefixStore>(name, rendezvous.state().store),
          static_cast<int>(self.rank), static_cast<int>(self.count),
          std::chrono::milliseconds(static_cast<int64_t>(rendezvous.patience() * 1000))};
}

void sum_by(c10d::Backend& backend, const torch::Tensor& tensor) {
  std::vector<torch::Tensor> list{tensor};
  backend.allreduce(list)->wait();
}

}  // namespace

struct ProcessGroup::State {
  c10::intrusive_ptr<c10d::Backend> host;
  c10::intrusive_ptr<c10d::Backend> device;  // null: through host memory
};

ProcessGroup::ProcessGroup(Rendezvous& rendezvous, const ProcessRank& self, const std::string& name,
                           torch::Device device)
    : rank_(self.rank), count_(self.count), state_(std::make_unique<State>()) {
  with_run_errors(kLost, [&] {
    state_->host = make_gloo(place_of(rendezvous, self, name + "/host"), rendezvous.host());
    if (device.is_cuda()) state_->device = make_nccl(place_of(rendezvous, self, name + "/device"));
  });
}

ProcessGroup::~ProcessGroup() = default;

void ProcessGroup::sum(torch::Tensor tensor) {
  const torch::NoGradGuard no_grad;
  with_run_errors(kLost, [&] {
    if (tensor.is_cuda() && state_->device) return sum_by(*state_->device, tensor);
    if (!tensor.is_cuda()) return sum_by(*state_->host, tensor);
    const torch::Tensor copy = tensor.cpu();
    sum_by(*state_->host, copy);
    tensor.copy_(copy);
  });
}

bool ProcessGroup::any(bool here) {
  const torch::Tensor flag = torch::full({1}, here ? 1 : 0, torch::kInt64);
  sum(flag);
  return flag.item<int64_t>() > 0;
}

std::string ProcessGroup::shared(const std::string& text) {
  const auto size = static_cast<int64_t>(leads() ? text.size() : 0);
  const torch::Tensor length = torch::full({1}, size, torch::kInt64);
  sum(length);
  const torch::Tensor bytes = torch::zeros({length.item<int64_t>()}, torch::kUInt8);
  if (bytes.numel() == 0) return {};
  if (leads()) std::memcpy(bytes.mutable_data_ptr(), text.data(), text.size());
  with_run_errors(kLost, [&] {
    std::vector<torch::Tensor> list{bytes};
    c10d::BroadcastOptions options;
    options.rootRank = 0;
    state_->host->broadcast(list, options)->wait();
  });
  return {static_cast<const char*>(bytes.const_data_ptr()), static_cast<size_t>(bytes.numel())};
}

}  // namespace nas
