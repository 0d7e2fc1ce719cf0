#include "tools/starter_config.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

/// Pictures of things look alike when mirrored; digits, letters and scans, mostly grey, do not.
bool may_be_mirrored(const DataSurvey& survey) { return survey.task.input.channels == 3; }

/// A JSON string is a double-quoted YAML scalar.
std::string text(const std::string& value) {
  return Json(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string list(const std::vector<std::string>& values) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const auto& value : values) texts.push_back(text(value));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string path_for(const std::string& data, const std::filesystem::path& file) {
  const auto folder =
      std::filesystem::weakly_canonical(std::filesystem::absolute(file)).parent_path();
  const auto relative = std::filesystem::path(data).lexically_relative(folder);
  const bool below = !relative.empty() && *relative.begin() != "..";
  return below ? relative.string() : data;
}

/// One line of a comment: a name from outside must not end it.
std::string classes_line(const DataSurvey& survey) {
  std::vector<std::string> shown;
  for (size_t i = 0; i < survey.class_names.size() && i < 12; ++i) {
    shown.push_back(
        fmt::format("{} ({})", printable(survey.class_names[i]), survey.class_sizes[i]));
  }
  if (shown.size() < survey.class_names.size()) shown.emplace_back("...");
  return fmt::format("{}", fmt::join(shown, ", "));
}

std::string head(const DataSurvey& survey, const std::filesystem::path& file,
                 const StarterSize& size) {
  std::string out =
      fmt::format("# {}: {} examples of {} classes:\n#   {}\n", printable(survey.config.path),
                  survey.examples(), survey.class_names.size(), classes_line(survey));
  for (const auto& remark : survey.remarks) out += fmt::format("#   {}\n", printable(remark));
  const auto [least, most] =
      std::minmax_element(survey.class_sizes.begin(), survey.class_sizes.end());
  if (*least < 20) {
    out += fmt::format("#   Some classes have only {} examples: scores will jump about.\n", *least);
  } else if (*most > 4 * *least) {
    out += "#   Some classes are much rarer than others: look at evaluator.class_weights.\n";
  }
  return out + fmt::format(R"(#
#   nas run {0}     search, train the best again, test it, report: roughly {1} here
#   nas space {0}   what it lets the search choose
# Every key that is not here has a default: docs/reference.md, or nas schema for your editor.

)",
                           file.filename().string(), format_duration(size.seconds));
}

std::string experiment(const std::string& name) {
  return fmt::format(R"(experiment:
  name: {}  # the run's folder is runs/NAME unless --out names another
  seed: 1  # of everything random: the same seed gives the same results

)",
                     text(name));
}

std::string splits(const DataSurvey& survey, const StarterSize& size) {
  std::string out = "  validation: 0.2  # share of the examples that score candidates\n";
  out += survey.own_test
             ? "  # The data bring their own test examples; they are read once, at the end.\n"
             : "  test: 0.2  # share kept for the test, which is read once, at the end\n";
  return out + fmt::format("  limit: {}  # learn from at most so many examples; 0: from all{}\n\n",
                           size.limit, size.limit > 0 ? " (slower, and better)" : "");
}

std::string picture_data(const DataSurvey& survey, const std::string& path,
                         const StarterSize& size) {
  const auto& config = survey.config;
  std::string out = fmt::format(
      "data:\n  dataset: {}  # nas list datasets shows the kinds\n"
      "  path: {}\n",
      config.dataset, text(path));
  if (config.dataset == "images") {
    out += fmt::format(
        R"(  image_size: {}  # pictures are scaled to this side; twice the side takes 4 times as long
  channels: {}  # 1: grey, 3: colour
)",
        config.image_size, config.channels);
  }
  if (survey.sounds()) {
    out += fmt::format(R"(  audio:
    names: {}  # how names of files tell the class; {{group}} may stand for a speaker
    seconds: {}  # of each example: shorter recordings get silence, of longer ones the middle
    mels: 40  # bands of frequencies
)",
                       text(config.audio.names), config.audio.seconds);
  }
  return out + splits(survey, size);
}

std::string augmentation(const DataSurvey& survey) {
  const Shape& input = survey.task.input;
  if (survey.sounds()) {
    return fmt::format(
        R"(  augment:  # random changes of the training sounds; in columns of {} ms and bands
    time_shift: {}  # earlier or later by up to so many columns
    time_mask: {}  # silence for up to so many columns
    frequency_mask: 5  # up to so many bands taken out
)",
        std::llround(1000 * survey.config.audio.hop), std::max<int64_t>(1, input.width / 10),
        std::max<int64_t>(1, input.width / 8));
  }
  return fmt::format(R"(  augment:  # random changes of the training pictures
    flip: {}  # mirror left and right; false where that changes the meaning (digits, text)
    crop_padding: {}  # shift by up to so many pixels
)",
                     may_be_mirrored(survey) ? "true" : "false",
                     std::max<int64_t>(1, input.height / 8));
}

std::string picture_search(const DataSurvey& survey, const StarterSize& size) {
  return fmt::format(R"(space:
  type: nas_bench_201  # cells of 6 edges with 5 operations each; nas list spaces shows others
  channels: {}  # width of the first layers: 32 learns more and takes 3 to 4 times as long
  cells_per_stage: 1  # depth: 1 to 5

controller:
  type: regularized_evolution  # changes the best of a sample; nas list controllers shows others
  population: 10  # networks kept, the oldest leaves
  sample: 3  # of which the best one is changed

evaluator:
  type: train  # trains each candidate and scores it on the validation examples
  epochs: {}  # of each candidate: more rank better and take longer
  batch_size: {}
  learning_rate: 0.1  # falls to 0 along a cosine
{}
)",
                     kStarterChannels, size.epochs, size.batch_size, augmentation(survey));
}

/// Fewer than one in five are of the class that is looked for.
bool is_rare(const DataSurvey& survey) {
  return survey.class_sizes.size() == 2 && survey.class_sizes.back() * 5 < survey.examples();
}

std::string table_data(const DataSurvey& survey, const std::string& path, const StarterSize& size) {
  const auto& table = survey.config.table;
  std::string out = fmt::format(R"(data:
  dataset: csv  # a table, a line an example; nas list datasets shows the kinds
  path: {}
  label: {}  # the column with the classes, by name or position
)",
                                text(path), text(table.label));
  if (!table.positive.empty()) {
    out +=
        fmt::format("  positive: {}  # the class that is looked for: what sensitivity speaks of\n",
                    text(table.positive));
  }
  if (table.skip_lines > 0) {
    out += fmt::format("  skip_lines: {}  # at the head of the file, which say something else\n",
                       table.skip_lines);
  }
  return out +
         fmt::format("  without: {}  # columns left out; why stands above\n", list(table.without)) +
         "  coded: []  # columns of numbers that are codes, not amounts (such as a postcode)\n" +
         splits(survey, size);
}

std::string table_search(const DataSurvey& survey, const StarterSize& size) {
  return fmt::format(R"(space:
  type: product  # a network and how it is trained, searched together
  parts:
    network:
      type: mlp
      layers: [1, 2, 3]  # hidden layers that may be tried
      widths: [8, 16, 32, 64]  # and their features
      batch_norm: false
    training:
      type: parameters
      parameters:
        learning_rate: {{type: float, low: 3e-4, high: 3e-2, log: true}}
        weight_decay: {{type: float, low: 1e-4, high: 1, log: true}}  # more where few examples

controller:
  type: tpe  # learns where good values lie; nas list controllers shows others

evaluator:
  type: train  # trains each candidate and scores it on the validation examples
  epochs: {}  # of each candidate
  batch_size: {}
  optimizer: {{type: adamw}}
  class_weights: {}  # balanced: classes weigh the same however rare they are; none

)",
                     size.epochs, size.batch_size, is_rare(survey) ? "balanced" : "none");
}

std::string objective(const DataSurvey& survey) {
  const bool rare = !survey.pictures() && is_rare(survey);
  return fmt::format(
      R"(objectives:  # what is better; {}
  - {{metric: {}, goal: maximize}}

)",
      rare ? "accuracy says little where one class is rare"
           : "a second one, such as {metric: parameters, goal: minimize}, asks for trade-offs",
      rare ? "validation_average_precision" : "validation_accuracy");
}

std::string rest(const DataSurvey& survey, const StarterSize& size) {
  return fmt::format(
      R"(budget:
  trials: {}  # candidates that are tried
  wall_time: 1h  # the search ends then at the latest; nas resume goes on with what was interrupted

workers: 0  # candidates trained at once; 0: one a CPU core or GPU
device: auto  # a GPU where there is one; cpu, cuda or cuda:1

stages:  # what follows the search
  retrain:  # the best network from scratch, on training and validation examples; then the test
    seeds: {}  # times, for a mean and a spread
    epochs: {}
{}  export: {{formats: [onnx]}}  # in best/export of the run; also c, torchscript, safetensors
  report: {{}}  # report.html
)",
      size.trials, size.seeds, size.retrain_epochs,
      survey.pictures()
          ? "  # prune: {multiply_adds: 0.5}  # half the arithmetic: docs/compression.md\n"
          : "");
}

}  // namespace

std::string starter_config(const DataSurvey& survey, const std::filesystem::path& file,
                           const StarterSize& size) {
  const std::string path = path_for(survey.config.path, file);
  const std::string name = std::filesystem::path(survey.config.path).stem().stem().string();
  std::string out = head(survey, file, size) + experiment(name.empty() ? "mine" : name);
  out += survey.pictures() ? picture_data(survey, path, size) + picture_search(survey, size)
                           : table_data(survey, path, size) + table_search(survey, size);
  return out + objective(survey) + rest(survey, size);
}

}  // namespace nas
