#pragma once

#include "nas/kernels/kernel_choice.hpp"

namespace nas::test {

/// A choice of kernels for as long as it lives.
class WithKernels {
 public:
  explicit WithKernels(KernelChoice choice) : before_(kernel_choice()) {
    set_kernel_choice(choice);
  }
  ~WithKernels() { set_kernel_choice(before_); }
  WithKernels(const WithKernels&) = delete;
  WithKernels& operator=(const WithKernels&) = delete;

 private:
  KernelChoice before_;
};

}  // namespace nas::test
