#pragma once

#include "nas/quantize/int8_export.hpp"
#include "nas/quantize/quantize_config.hpp"
#include "tools/export_network.hpp"

namespace nas {

/// How a network and its int8 form do on the same examples.
struct Int8Scores {
  int64_t examples = 0;
  double accuracy = 0;       // percent, in float32
  double int8_accuracy = 0;  // percent
  double agreement = 0;      // percent of the examples that both put in the same class
};

/// With its batch norms in the layers before them: what is quantized.
TrainedNetwork folded_network(const OpenedNetwork& opened);

/// Quantizes a trained network with ranges and means of its values on training examples. Throws
/// UsageError where it is a policy, which has none.
QuantizedNetwork quantized_after_training(const OpenedNetwork& opened, const QuantizeConfig& config,
                                          const TensorParts& parts);

/// The network in int8: as `nas quantize` trained it, or else quantized after training. Its test
/// vector is of validation examples.
Int8Source int8_source(const OpenedNetwork& opened, const QuantizeConfig& config,
                       const TensorParts& parts);

/// On at most `most` examples (0: all) of a split of the run's data.
Int8Scores int8_scores(const OpenedNetwork& opened, const Int8Source& source, ExampleSplit split,
                       int64_t most, const TensorParts& parts);

/// Writes the int8 network, runs what was written, and prints the files, how they were run, and how
/// many validation examples are in the same class as in float32.
void export_int8_network(ExportFormat format, const OpenedNetwork& opened, const Int8Source& source,
                         const std::filesystem::path& to, const TensorParts& parts);

/// Writes again what a run's folder best/ holds of an earlier int8 network, and says so on standard
/// error.
void renew_int8_exports(const OpenedNetwork& opened, const Int8Source& source,
                        const std::filesystem::path& best, const TensorParts& parts);

/// Writes the scores on test data to a file: {"examples", "test_accuracy", "int8_test_accuracy",
/// "agreement", "trained_for_int8", "layers": int8_layer_report()}.
void write_int8_scores(const OpenedNetwork& opened, const Int8Source& source,
                       const std::filesystem::path& to, const TensorParts& parts);

}  // namespace nas
