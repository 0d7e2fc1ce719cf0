#include "nas/config/yaml_reader.hpp"
#include "tests/fuzz/targets.hpp"
#include "tools/assemble.hpp"

namespace nas::fuzz {
namespace {

std::string resolved(std::string_view text, Experiment& experiment) {
  return read_config_text(text, "fuzz", {},
                          [&](Section& section) { describe(section, experiment, TensorParts()); });
}

}  // namespace

/// A whole configuration, with every component that it may name.
void experiment(std::string_view input) {
  std::string text;
  Experiment read;
  if (!taken([&] { text = resolved(input, read); })) return;
  Experiment again;
  require(resolved(text, again) == text, "the resolved configuration resolves to itself");
  taken([&] {
    if (read.space.make) read.space.make(TaskShape{});
  });
}

}  // namespace nas::fuzz
