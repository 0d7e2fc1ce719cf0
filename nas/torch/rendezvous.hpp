#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "nas/core/process_rank.hpp"

namespace nas {

/// Where processes that train together meet: texts by key, kept by one of them (LibTorch's
/// TCPStore). It knows no authentication, so it listens at the address of `ProcessRank::host`
/// alone. All calls throw RunError where the process that serves it is gone.
class Rendezvous {
 public:
  enum class Role { serves, joins };

  /// Serving, port 0 takes any that is free. Joining waits up to `patience` seconds for the one
  /// that serves. Throws RunError.
  Rendezvous(const ProcessRank& self, Role role, double patience);
  ~Rendezvous();
  Rendezvous(const Rendezvous&) = delete;
  Rendezvous& operator=(const Rendezvous&) = delete;

  /// Where others join.
  const std::string& host() const { return host_; }
  uint16_t port() const;
  double patience() const { return patience_; }

  void set(const std::string& key, const std::string& value);
  /// Nothing where no one has set it yet.
  std::optional<std::string> get(const std::string& key);
  /// Adds to a number, 0 at first, and returns it.
  int64_t add(const std::string& key, int64_t value);

  struct State;
  State& state() { return *state_; }

 private:
  std::string host_;
  double patience_;
  std::unique_ptr<State> state_;
};

}  // namespace nas
