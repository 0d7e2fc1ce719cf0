#pragma once

#include <string>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "nas/core/error.hpp"
#include "nas/torch/rendezvous.hpp"

namespace nas {

struct Rendezvous::State {
  c10::intrusive_ptr<c10d::TCPStore> server;  // the connection and, where it serves, all of it
  c10::intrusive_ptr<c10d::Store> store;      // this attempt's part
};

[[noreturn]] void throw_run_error(const std::string& what, const std::string& reason);

/// What `call` returns; errors of LibTorch's channels become RunErrors that begin with `what`.
template <class Call>
auto with_run_errors(const std::string& what, const Call& call) {
  try {
    return call();
  } catch (const Error&) {
    throw;
  } catch (const c10::Error& error) {
    throw_run_error(what, error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw_run_error(what, error.what());
  }
}

}  // namespace nas
