#pragma once

#include <string>
#include <string_view>

#include "nas/torch/module_builder.hpp"

namespace nas {

/// Tensors whose names begin with `prefix`, named by the rest.
NamedTensors below_prefix(const std::string& prefix, const NamedTensors& all);
/// Appends `tensors` to `all`, their names behind `prefix`.
void append_with_prefix(NamedTensors& all, const std::string& prefix, const NamedTensors& tensors);

/// Copies the values of `from` into the tensors of `to` of the same names, in any order. Throws
/// InputError, naming `what` and the first tensor that is missing, surplus or of another shape or
/// type; nothing is copied then.
void copy_named(std::string_view what, const NamedTensors& from, const NamedTensors& to);

}  // namespace nas
