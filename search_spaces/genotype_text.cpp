#include "search_spaces/genotype_text.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace nas {

GenotypeReader::GenotypeReader(std::string_view text, std::string_view what)
    : scanner_(text, what) {
  scanner_.skip_spaces();
  python_ = scanner_.accept("Genotype(");
}

void GenotypeReader::expect(std::string_view token) {
  scanner_.skip_spaces();
  scanner_.expect(token);
  scanner_.skip_spaces();
}

/// The commas between Python's arguments may be missing.
void GenotypeReader::key(std::string_view name) {
  scanner_.skip_spaces();
  scanner_.accept(",");
  expect(name);
  expect("=");
}

GenotypeItem GenotypeReader::item() {
  expect("(");
  const bool quoted = scanner_.accept("'");
  const TextScanner operation_at = scanner_;
  const std::string operation = scanner_.name();
  if (quoted) scanner_.expect("'");
  expect(",");
  const TextScanner input_at = scanner_;
  const int64_t input = scanner_.number();
  return {operation, input, operation_at, input_at};
}

void GenotypeReader::items(std::string_view name, int64_t nodes,
                           const std::function<void(const GenotypeItem&)>& take) {
  key(name);
  expect("[");
  for (int64_t i = 0; i < 2 * nodes; ++i) {
    if (i > 0) expect(",");
    take(item());
    expect(")");
  }
  scanner_.accept(",");
  expect("]");
}

void GenotypeReader::concat(std::string_view name, std::span<const int64_t> expected) {
  key(name);
  const auto fixed = [&](int64_t number) {
    const TextScanner before = scanner_;
    if (scanner_.number() != number) {
      before.fail(fmt::format("{} of [{}]", number, fmt::join(expected, ",")));
    }
  };
  if (expected.back() - expected.front() + 1 == static_cast<int64_t>(expected.size()) &&
      scanner_.accept("range(")) {
    fixed(expected.front());
    expect(",");
    fixed(expected.back() + 1);
    return expect(")");
  }
  expect("[");
  for (size_t i = 0; i < expected.size(); ++i) {
    if (i > 0) expect(",");
    fixed(expected[i]);
  }
  expect("]");
}

void GenotypeReader::end() {
  if (python_) {
    scanner_.skip_spaces();
    scanner_.accept(",");
    expect(")");
  }
  scanner_.skip_spaces();
  if (!scanner_.at_end()) scanner_.fail("the end");
}

std::string genotype_cell_text(std::string_view name,
                               std::span<const std::pair<std::string_view, int64_t>> edges,
                               std::span<const int64_t> concat) {
  std::vector<std::string> parts;
  for (const auto& [operation, input] : edges) {
    parts.push_back(fmt::format("({},{})", operation, input));
  }
  return fmt::format("{0}=[{1}] {0}_concat=[{2}]", name, fmt::join(parts, ","),
                     fmt::join(concat, ","));
}

}  // namespace nas
