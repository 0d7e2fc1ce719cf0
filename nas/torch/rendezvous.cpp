#include "nas/torch/rendezvous.hpp"

#include <fmt/core.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>

#include "nas/torch/rendezvous_store.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string place(const ProcessRank& self) { return fmt::format("{}:{}", self.host, self.port); }

Addresses addresses_of(const ProcessRank& self) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      ::getaddrinfo(self.host.c_str(), std::to_string(self.port).c_str(), &hints, &list);
  if (error != 0) throw RunError(fmt::format("{}: {}", place(self), ::gai_strerror(error)));
  return Addresses(list);
}

/// A socket at the host's own address, so that no other network reaches it.
int bound_socket(const ProcessRank& self) {
  const Addresses list = addresses_of(self);
  std::string reason;
  for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
    const int descriptor = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (::bind(descriptor, one->ai_addr, one->ai_addrlen) == 0) return descriptor;
    reason = std::strerror(errno);
    ::close(descriptor);
  }
  throw RunError(fmt::format("{}: cannot listen there: {}", place(self), reason));
}

std::vector<uint8_t> bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

constexpr const char* kGone = "the process that the others meet at is gone";

}  // namespace

void throw_run_error(const std::string& what, const std::string& reason) {
  throw RunError(fmt::format("{}: {}", what, reason.substr(0, reason.find('\n'))));
}

Rendezvous::Rendezvous(const ProcessRank& self, Role role, double patience)
    : host_(self.host), patience_(patience), state_(std::make_unique<State>()) {
  c10d::TCPStoreOptions options;
  options.port = self.port;
  options.isServer = role == Role::serves;
  options.waitWorkers = false;
  options.timeout = std::chrono::milliseconds(static_cast<int64_t>(patience * 1000));
  if (options.isServer) options.masterListenFd = bound_socket(self);
  with_run_errors("meeting at " + place(self), [&] {
    state_->server = c10::make_intrusive<c10d::TCPStore>(self.host, options);
    state_->store =
        c10::make_intrusive<c10d::PrefixStore>("nas/attempt_" + self.attempt, state_->server);
  });
}

Rendezvous::~Rendezvous() = default;

uint16_t Rendezvous::port() const { return state_->server->getPort(); }

void Rendezvous::set(const std::string& key, const std::string& value) {
  with_run_errors(kGone, [&] { state_->store->set(key, bytes_of(value)); });
}

std::optional<std::string> Rendezvous::get(const std::string& key) {
  return with_run_errors(kGone, [&]() -> std::optional<std::string> {
    if (!state_->store->check({key})) return std::nullopt;
    const std::vector<uint8_t> bytes = state_->store->get(key);
    return std::string(bytes.begin(), bytes.end());
  });
}

int64_t Rendezvous::add(const std::string& key, int64_t value) {
  return with_run_errors(kGone, [&] { return state_->store->add(key, value); });
}

}  // namespace nas
