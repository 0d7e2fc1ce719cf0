#pragma once

#include "nas/core/json_fwd.hpp"
#include "nas/torch/module_builder.hpp"

namespace nas {

/// float32 tensors as [{"name", "shape", "bytes": binary}...], for formats of JSON that hold binary
/// (CBOR). Bit for bit; bytes are the host's.
Json tensors_to_json(const NamedTensors& tensors);
/// Throws InputError where shape and bytes disagree.
NamedTensors tensors_from_json(const Json& json);

/// Copies values in place; throws InputError where names or shapes differ.
void copy_tensors(const NamedTensors& to, const NamedTensors& from);

}  // namespace nas
