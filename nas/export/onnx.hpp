#pragma once

#include "nas/export/facts.hpp"
#include "nas/export/onnx_model.hpp"
#include "nas/export/trained_network.hpp"

namespace nas {

/// The network in ONNX operators of opset 17, float32: "input" [batch, C, H, W], normalised as
/// `facts` say, to "logits" [batch, classes]. Facts and the input's shape are metadata.
OnnxModel onnx_model(const TrainedNetwork& network, const NetworkFacts& facts);

}  // namespace nas
