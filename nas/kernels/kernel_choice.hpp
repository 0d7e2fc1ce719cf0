#pragma once

#include <string_view>

namespace nas {

/// Whether layers may be joined into kernels of ours where these take them.
enum class KernelChoice { automatic, reference };

/// For the whole process, like LibTorch's own switches; set before networks run. Results differ in
/// rounding.
void set_kernel_choice(KernelChoice choice);
KernelChoice kernel_choice();

/// "automatic" and "reference".
std::string_view to_text(KernelChoice choice);
/// The reverse; any other text is automatic.
KernelChoice kernel_choice_from_text(std::string_view text);

}  // namespace nas
