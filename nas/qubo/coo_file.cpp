#include <fmt/core.h>

#include "nas/qubo/line_reader.hpp"
#include "nas/qubo/model_file.hpp"

namespace nas {
namespace {

/// Names of variables that a file only numbers.
constexpr int64_t kMostVariables = 1'000'000;

void grow(QuadraticModel& model, int64_t variable) {
  while (model.size() <= variable) model.add_variable(std::to_string(model.size()));
}

/// What `# vartype=...` says; nothing for another comment.
std::optional<Vartype> header(const LineReader& lines) {
  const std::string_view line = lines.line();
  size_t begin = line.find("vartype");
  if (begin == std::string_view::npos) return std::nullopt;
  begin = line.find_first_not_of("=: \t", begin + std::string_view("vartype").size());
  const std::string_view word =
      begin == std::string_view::npos
          ? line
          : line.substr(begin, line.find_last_not_of(" \t\r") + 1 - begin);
  if (word == "SPIN") return Vartype::spin;
  if (word != "BINARY") lines.fail(word, "vartype=BINARY or vartype=SPIN");
  return Vartype::binary;
}

}  // namespace

QuadraticModel model_from_coo(const std::string& text, const std::string& file) {
  QuadraticModel model;
  LineReader lines(text, file);
  bool begun = false;
  while (const auto words = lines.next()) {
    if (words->front().front() == '#') {
      const auto vartype = header(lines);
      if (vartype && begun) lines.fail(lines.line(), "the vartype before all numbers");
      if (vartype) model.vartype = *vartype;
      continue;
    }
    if (words->size() != 3) lines.fail(lines.line(), "two variables and a number");
    begun = true;
    const int64_t i = lines.index((*words)[0], kMostVariables - 1);
    const int64_t j = lines.index((*words)[1], kMostVariables - 1);
    const double bias = lines.number((*words)[2]);
    grow(model, std::max(i, j));
    if (i == j) {
      model.linear[static_cast<size_t>(i)] += bias;
    } else {
      model.add(i, j, bias);
    }
  }
  return model;
}

std::string to_coo(const QuadraticModel& model) {
  std::string text = fmt::format("# vartype={}\n# without the offset {}\n", to_text(model.vartype),
                                 fixed_notation(model.offset));
  for (int64_t i = 0; i < model.size(); ++i) {
    text += fmt::format("{} {} {}\n", i, i, fixed_notation(model.linear[static_cast<size_t>(i)]));
  }
  for (const auto& [pair, bias] : model.quadratic) {
    text += fmt::format("{} {} {}\n", pair.first, pair.second, fixed_notation(bias));
  }
  return text;
}

}  // namespace nas
