#include "tools/int8_network.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <thread>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/json.hpp"
#include "nas/export/fold.hpp"
#include "nas/quantize/bias_correction.hpp"
#include "nas/quantize/equalisation.hpp"
#include "nas/quantize/integer_run.hpp"
#include "nas/quantize/quantize.hpp"
#include "tools/int8_layers.hpp"
#include "tools/output.hpp"

namespace nas {
namespace {

constexpr int64_t kVectorSamples = 64;
/// Of the validation split when exporting: the simulation takes its time.
constexpr int64_t kMostCompared = 1000;
/// That the report on layers looks at, once a layer.
constexpr int64_t kReportSamples = 256;

/// Index of the largest score of each sample.
std::vector<int64_t> classes_of(const std::vector<float>& scores, size_t samples) {
  std::vector<int64_t> classes;
  const auto width = static_cast<std::ptrdiff_t>(scores.size() / std::max<size_t>(samples, 1));
  for (auto row = scores.begin(); row != scores.end(); row += width) {
    classes.push_back(std::max_element(row, row + width) - row);
  }
  return classes;
}

double percent_equal(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  int64_t same = 0;
  for (size_t i = 0; i < a.size(); ++i) same += a[i] == b[i] ? 1 : 0;
  return 100 * static_cast<double>(same) / static_cast<double>(a.size());
}

ExampleValues examples_of(const OpenedNetwork& opened, ExampleSplit split, int64_t most,
                          const TensorParts& parts) {
  const NetworkFacts& facts = opened.facts;
  return parts.example_values(opened.data, split, facts.mean, facts.deviation, most);
}

/// What calibration examples say of a network's values.
struct Calibration {
  std::vector<Range> ranges;  // by node
  ValueMeans means;
};

Calibration calibrated(const TrainedNetwork& network, const std::vector<float>& samples,
                       RangeRule rule, const TensorParts& parts) {
  const auto look = [&](const ValueListener& hear) {
    parts.observe_values(network.plan, network.weights, network.input, samples, hear);
  };
  ValueLimits limits(network.plan.nodes.size());
  ValueMeans means(shapes(network.plan, network.input));
  look([&](size_t node, std::span<const float> values) {
    limits.add(node, values);
    means.add(node, values);
  });
  if (rule == RangeRule::min_max) return {limits.ranges(), std::move(means)};
  ValueHistograms histograms(limits.ranges());
  look([&](size_t node, std::span<const float> values) { histograms.add(node, values); });
  return {histograms.ranges(rule), std::move(means)};
}

/// As the point says, or of all layers as the configuration does.
WeightBits bits_of_layers(const OpenedNetwork& opened, const QuantizeConfig& config) {
  return opened.bits ? *opened.bits : uniform_bits(opened.plan, config.weight_bits);
}

/// As it was trained for int8, where it was; or else quantized after training.
QuantizedNetwork quantized_network(const OpenedNetwork& opened, const QuantizeConfig& config,
                                   const TensorParts& parts) {
  if (!opened.int8) return quantized_after_training(opened, config, parts);
  const TrainedNetwork network = folded_network(opened);
  const auto& [weights, grids] = *opened.int8;
  if (grids.size() != network.plan.nodes.size()) {
    throw InputError("best/int8/weights.safetensors: its grids are of another network");
  }
  return quantized(inference_network(network.plan, network.input, weights), grids,
                   bits_of_layers(opened, config));
}

/// What was fitted to outputs of the network before.
void forget_fitted(NetworkFacts& facts) {
  std::erase_if(facts.provenance, [](const auto& text) {
    return text.first == "temperature" || text.first == "threshold";
  });
}

int64_t usable_threads() { return std::max<int64_t>(std::thread::hardware_concurrency(), 1); }

}  // namespace

TrainedNetwork folded_network(const OpenedNetwork& opened) {
  return with_folded_batch_norms(inference_network(opened.plan, opened.input, opened.weights));
}

QuantizedNetwork quantized_after_training(const OpenedNetwork& opened, const QuantizeConfig& config,
                                          const TensorParts& parts) {
  if (opened.facts.policy) throw UsageError(std::string(kPoliciesSeeNoPictures));
  TrainedNetwork network = folded_network(opened);
  if (config.equalize) equalize(network);
  const ExampleValues train = examples_of(opened, ExampleSplit::train, config.samples, parts);
  const auto [ranges, means] = calibrated(network, train.images, config.ranges, parts);
  std::vector<Grid> grids = value_grids(network.plan, ranges);
  QuantizedNetwork result =
      quantized(std::move(network), std::move(grids), bits_of_layers(opened, config));
  correct_biases(result, means);
  return result;
}

Int8Source int8_source(const OpenedNetwork& opened, const QuantizeConfig& config,
                       const TensorParts& parts) {
  Int8Source source{quantized_network(opened, config, parts), opened.facts, {}, config.target};
  if (opened.int8) forget_fitted(source.facts);
  ExampleValues shown = examples_of(opened, ExampleSplit::validation, kVectorSamples, parts);
  source.vector.samples = static_cast<int64_t>(shown.labels.size());
  source.vector.outputs = integer_outputs(integer_network(source.network), shown.images);
  source.vector.inputs = std::move(shown.images);
  return source;
}

Int8Scores int8_scores(const OpenedNetwork& opened, const Int8Source& source, ExampleSplit split,
                       int64_t most, const TensorParts& parts) {
  const ExampleValues examples = examples_of(opened, split, most, parts);
  const size_t count = examples.labels.size();
  const auto real = classes_of(
      parts.network_outputs(opened.plan, opened.weights, opened.input, examples.images), count);
  const auto whole = classes_of(
      integer_outputs(integer_network(source.network), examples.images, usable_threads()), count);
  return {static_cast<int64_t>(count), percent_equal(real, examples.labels),
          percent_equal(whole, examples.labels), percent_equal(real, whole)};
}

void export_int8_network(ExportFormat format, const OpenedNetwork& opened, const Int8Source& source,
                         const std::filesystem::path& to, const TensorParts& parts) {
  for (const auto& path : write_int8_export(format, source, to)) print_written(path);
  const ExportCheck check = check_int8_export(format, to);
  print_check(check, "the int8 network's own outputs");
  const Int8Scores scores =
      int8_scores(opened, source, ExampleSplit::validation, kMostCompared, parts);
  fmt::print("{:.2f} % of {} validation examples are in the same class as in float32\n",
             scores.agreement, scores.examples);
}

void renew_int8_exports(const OpenedNetwork& opened, const Int8Source& source,
                        const std::filesystem::path& best, const TensorParts& parts) {
  const std::array written{std::pair{"int8/network.onnx", ExportFormat::onnx},
                           std::pair{"export/network_int8.onnx", ExportFormat::onnx},
                           std::pair{"export/c_int8", ExportFormat::c}};
  for (const auto& [name, format] : written) {
    const auto path = best / name;
    if (!std::filesystem::exists(path)) continue;
    tell_on_standard_error("nas: " + path.string() + " is of another network and written again");
    export_int8_network(format, opened, source, path, parts);
  }
}

void write_int8_scores(const OpenedNetwork& opened, const Int8Source& source,
                       const std::filesystem::path& to, const TensorParts& parts) {
  const Int8Scores scores = int8_scores(opened, source, ExampleSplit::test, 0, parts);
  const ExampleValues seen = examples_of(opened, ExampleSplit::train, kReportSamples, parts);
  std::error_code error;
  if (to.has_parent_path()) std::filesystem::create_directories(to.parent_path(), error);
  if (error) throw RunError(to.parent_path().string() + ": " + error.message());
  write_file_atomically(to, Json{{"examples", scores.examples},
                                 {"test_accuracy", scores.accuracy},
                                 {"int8_test_accuracy", scores.int8_accuracy},
                                 {"agreement", scores.agreement},
                                 {"trained_for_int8", opened.int8.has_value()},
                                 {"layers", int8_layer_report(source.network, seen.images, parts)}}
                                .dump(2));
  fmt::print("test accuracy {:.2f} % in int8, {:.2f} % in float32; {:.2f} % of {} in one class\n",
             scores.int8_accuracy, scores.accuracy, scores.agreement, scores.examples);
}

}  // namespace nas
