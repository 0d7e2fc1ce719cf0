#include <array>

#include "nas/qubo/model_file.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {
namespace {

struct Format {
  QuadraticModel (*read)(const std::string& text, const std::string& file);
  std::string (*write)(const QuadraticModel& model);
};
constexpr std::array<Format, 3> kFormats{
    {{model_from_bqm_json, to_bqm_json}, {model_from_qubo, to_qubo}, {model_from_coo, to_coo}}};

}  // namespace

/// The first byte picks the format.
void qubo_model(std::string_view input) {
  const Format& format = kFormats[take_byte(input) % kFormats.size()];
  taken([&] {
    const QuadraticModel model = format.read(std::string(input), "fuzz");
    const std::string text = format.write(model);
    const QuadraticModel again = format.read(text, "written");
    require(again.size() == model.size() && format.write(again) == text,
            "what is written reads as it was");
  });
}

}  // namespace nas::fuzz
