#include "nas/kernels/kernel_choice.hpp"

#include <atomic>

namespace nas {
namespace {

std::atomic<KernelChoice>& chosen() {
  static std::atomic<KernelChoice> choice{KernelChoice::automatic};
  return choice;
}

}  // namespace

void set_kernel_choice(KernelChoice choice) { chosen() = choice; }
KernelChoice kernel_choice() { return chosen(); }

std::string_view to_text(KernelChoice choice) {
  return choice == KernelChoice::reference ? "reference" : "automatic";
}

KernelChoice kernel_choice_from_text(std::string_view text) {
  const auto reference = to_text(KernelChoice::reference);
  return text == reference ? KernelChoice::reference : KernelChoice::automatic;
}

}  // namespace nas
