#define USE_C10D_GLOO

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "nas/core/error.hpp"
#include "nas/torch/backends.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

using Device = std::shared_ptr<gloo::transport::Device>;

/// Of a socket that would send to `peer`; nothing is sent.
std::string own_address_towards(const std::string& peer) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(peer.c_str(), "9", &hints, &list) != 0) {
    throw RunError(peer + ": a host of this name is not known");
  }
  std::array<char, NI_MAXHOST> text{};
  for (const addrinfo* one = list; one != nullptr && text[0] == '\0'; one = one->ai_next) {
    const int descriptor = ::socket(one->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_storage own{};
    socklen_t size = sizeof(own);
    auto* address = reinterpret_cast<sockaddr*>(&own);
    if (::connect(descriptor, one->ai_addr, one->ai_addrlen) == 0 &&
        ::getsockname(descriptor, address, &size) == 0) {
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    }
    ::close(descriptor);
  }
  ::freeaddrinfo(list);
  if (text[0] == '\0') throw RunError(peer + ": this machine has no way to that host");
  return text.data();
}

Device device_towards(const std::string& peer) {
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  if (interface != nullptr && *interface != '\0') {
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  }
  return c10d::ProcessGroupGloo::createDeviceForHostname(own_address_towards(peer));
}

}  // namespace

c10::intrusive_ptr<c10d::Backend> make_gloo(const BackendPlace& place, const std::string& peer) {
  auto options = c10d::ProcessGroupGloo::Options::create(place.patience);
  options->devices.push_back(device_towards(peer));
  options->threads = 1;
  return c10::make_intrusive<c10d::ProcessGroupGloo>(place.store, place.rank, place.count,
                                                     std::move(options));
}

}  // namespace nas
