#pragma once

#include "nas/export/facts.hpp"
#include "nas/export/onnx_model.hpp"
#include "nas/export/quantized_network.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// The network in ONNX operators of opset 17, float32: "input" [batch, C, H, W], normalised as
/// `facts` say, to "logits" [batch, classes]. Facts and the input's shape are metadata.
OnnxModel onnx_model(const TrainedNetwork& network, const NetworkFacts& facts);

/// The type of quantized activations. On x86 unsigned ones run several times faster; on ARM and
/// microcontrollers signed ones are usual.
enum class ActivationType { uint8, int8 };

/// The same in int8, as pairs of QuantizeLinear and DequantizeLinear around operators, which
/// runtimes join. Layers without a form in whole numbers stay in float32 between them.
OnnxModel onnx_model(const QuantizedNetwork& network, const NetworkFacts& facts,
                     ActivationType type);

}  // namespace nas
