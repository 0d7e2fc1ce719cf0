#include "nas/export/c_source.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/json.hpp"
#include "nas/export/c_kernels.hpp"
#include "nas/export/c_program.hpp"
#include "nas/export/layout.hpp"

namespace nas {
namespace {

int64_t numbers_in(const Shape& shape) { return shape.channels * shape.height * shape.width; }

/// A text of any bytes inside a comment.
std::string comment(std::string text) {
  for (size_t i = 0; (i = text.find("*/", i)) != text.npos;) text.replace(i, 2, "* /");
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// A C string literal; bytes beyond ASCII as octal escapes, which, unlike \x, end after three.
std::string c_string(const std::string& text) {
  std::string literal = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte > 0x7e || letter == '"' || letter == '\\' || letter == '?') {
      literal += fmt::format("\\{:03o}", byte);
    } else {
      literal += letter;
    }
  }
  return literal + "\"";
}

std::string joined_numbers(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) {
    text += (text.empty() ? "" : ", ") + c_number(static_cast<float>(value));
  }
  return text;
}

/// Of recordings and readings also how the input is made, for which no code is written.
std::string provenance_comment(const NetworkFacts& facts) {
  auto texts = facts.provenance;
  if (!facts.log_mel.empty()) texts.emplace_back("log_mel", facts.log_mel);
  if (!facts.log_mel.empty() || facts.policy) {
    texts.emplace_back("mean", joined_numbers(facts.mean));
    texts.emplace_back("deviation", joined_numbers(facts.deviation));
  }
  std::string text;
  for (const auto& [name, value] : texts) {
    text += fmt::format(" *   {}: {}\n", name, comment(value));
  }
  return text;
}

constexpr std::string_view kHeader = R"(/* A neural network, written by nas.
{provenance} *
 * {arithmetic}, C99, no heap. Weights: {weight_bytes} bytes of constant data. Working memory: one static
 * arena of {arena_bytes} bytes (so one call at a time), and a few hundred bytes of stack. */
#ifndef NETWORK_H
#define NETWORK_H

#define NETWORK_CHANNELS {channels}
#define NETWORK_HEIGHT {height}
#define NETWORK_WIDTH {width}
#define NETWORK_INPUTS {inputs}
#define NETWORK_CLASSES {classes}
#define NETWORK_WEIGHT_BYTES {weight_bytes}
#define NETWORK_ARENA_BYTES {arena_bytes}

/* {meaning} */
void network_run(const float input[NETWORK_INPUTS], float output[NETWORK_CLASSES]);
{declarations}
#endif
)";

/// Of what network_run takes and gives.
std::string_view meaning(const NetworkFacts& facts) {
  if (!facts.policy) {
    return "input: [height][width][channels], normalised; output: a score (logit) a class, largest "
           "wins.";
  }
  return "input: a reading each, (reading - mean) / deviation; output: an action each, to be cut "
         "off at -1\n * and 1, the ends of what it sets, and last the value of the state.";
}

std::string declarations(const NetworkFacts& facts, const CProgram& program) {
  std::string text;
  if (facts.takes_pixels()) {
    text +=
        "\n/* Pixels 0..255 [height][width][channels] to the input of network_run. */\n"
        "void network_normalize(const unsigned char pixels[NETWORK_INPUTS],\n"
        "                       float input[NETWORK_INPUTS]);\n";
    if (program.input_grid) {
      text +=
          "\n/* Both at once, without numbers in between. */\n"
          "void network_run_pixels(const unsigned char pixels[NETWORK_INPUTS],\n"
          "                        float output[NETWORK_CLASSES]);\n";
    }
  }
  if (!facts.labels.empty()) {
    text += fmt::format("\n/* Names of the {}, UTF-8. */\n", facts.policy ? "outputs" : "classes");
    text += "extern const char *const network_labels[NETWORK_CLASSES];\n";
  }
  return text;
}

std::string header(const CProgram& program, const Shape& input, const NetworkFacts& facts,
                   int64_t classes) {
  return fmt::format(fmt::runtime(kHeader), fmt::arg("provenance", provenance_comment(facts)),
                     fmt::arg("arithmetic", program.input_grid ? "int8" : "float32"),
                     fmt::arg("weight_bytes", program.constant_bytes),
                     fmt::arg("arena_bytes", arena_bytes(program, numbers_in(input))),
                     fmt::arg("channels", input.channels), fmt::arg("height", input.height),
                     fmt::arg("width", input.width), fmt::arg("inputs", numbers_in(input)),
                     fmt::arg("classes", classes), fmt::arg("meaning", meaning(facts)),
                     fmt::arg("declarations", declarations(facts, program)));
}

std::string normalize(const NetworkFacts& facts) {
  return fmt::format(R"(
static float normalized(const unsigned char *pixels, int i) {{
  static const float mean[NETWORK_CHANNELS] = {{{}}};
  static const float deviation[NETWORK_CHANNELS] = {{{}}};
  const int c = i % NETWORK_CHANNELS;
  return ((float)pixels[i] / 255.0f - mean[c]) / deviation[c];
}}

void network_normalize(const unsigned char pixels[NETWORK_INPUTS], float input[NETWORK_INPUTS]) {{
  for (int i = 0; i < NETWORK_INPUTS; ++i) input[i] = normalized(pixels, i);
}}
)",
                     joined_numbers(facts.mean), joined_numbers(facts.deviation));
}

std::string labels(const NetworkFacts& facts) {
  std::string text;
  for (const auto& label : facts.labels) {
    text += fmt::format("    {},\n", c_string(label));
  }
  return fmt::format("\nconst char *const network_labels[NETWORK_CLASSES] = {{\n{}}};\n", text);
}

/// Functions that kernels call.
bool is_helper(const CKernel& kernel) {
  return kernel.name == "q_scaled" || kernel.name == "q_saturated" || kernel.name == "q_nibble";
}

/// The kernels that a program calls, types first, then what these call themselves.
std::string kernels_of(const CProgram& program) {
  std::string types;
  std::string functions;
  for (const CKernel& kernel : c_kernels()) {
    if (kernel.name == "types") types = kernel.source;
    if (!program.kernels.contains(std::string(kernel.name))) continue;
    functions += fmt::format("\n{}", kernel.source);
  }
  std::string helpers;
  for (const CKernel& kernel : c_kernels()) {
    if (!is_helper(kernel) || functions.find(kernel.name) == functions.npos) continue;
    helpers += fmt::format("\n{}", kernel.source);
  }
  return types + helpers + functions;
}

bool uses_math(const std::string& kernels) {
  return kernels.find("expf(") != kernels.npos || kernels.find("erff(") != kernels.npos ||
         kernels.find("sqrtf(") != kernels.npos;
}

/// network_run of a program in int8, and the same from pixels.
std::string quantized_runs(const CProgram& program, const NetworkFacts& facts) {
  const std::string input = fmt::format("arena + {}", program.memory.size);
  const std::string grid =
      fmt::format("{}, {}", c_number(program.input_grid->scale), program.input_grid->zero);
  std::string text = fmt::format(R"(
static void run_layers(float output[NETWORK_CLASSES]) {{
{}}}

void network_run(const float input[NETWORK_INPUTS], float output[NETWORK_CLASSES]) {{
  q_quantize(input, {}, NETWORK_INPUTS, {});
  run_layers(output);
}}
)",
                                 program.calls, input, grid);
  if (!facts.takes_pixels()) return text;
  return text + fmt::format(R"(
void network_run_pixels(const unsigned char pixels[NETWORK_INPUTS],
                        float output[NETWORK_CLASSES]) {{
  for (int i = 0; i < NETWORK_INPUTS; ++i) {{
    const float number = normalized(pixels, i);
    q_quantize(&number, {} + i, 1, {});
  }}
  run_layers(output);
}}
)",
                            input, grid);
}

std::string float_run(const CProgram& program) {
  return fmt::format(
      "\nvoid network_run(const float input[NETWORK_INPUTS], float output[NETWORK_CLASSES]) "
      "{{\n{}{}}}\n",
      program.reads_input ? "" : "  (void)input;\n", program.calls);
}

std::string source(const NetworkFacts& facts, const CProgram& program) {
  const std::string kernels = kernels_of(program);
  std::string text = "#include \"network.h\"\n\n";
  if (program.input_grid) text += "#include <stdint.h>\n\n";
  if (uses_math(kernels)) text += "#include <math.h>\n\n";
  text += "#include \"network_weights.h\"\n\n" + kernels;
  text += fmt::format("\nstatic {0} arena[NETWORK_ARENA_BYTES / sizeof({0})];\n",
                      c_number_type(program));
  if (facts.takes_pixels()) text += normalize(facts);
  text += program.input_grid ? quantized_runs(program, facts) : float_run(program);
  if (!facts.labels.empty()) text += labels(facts);
  return text;
}

constexpr std::string_view kTest = R"(/* Runs the network on inputs whose outputs are known. */
#include <stdio.h>

#include "network.h"

#define SAMPLES {samples}
#define TOLERANCE {tolerance}

{inputs}
{outputs}
int main(void) {{
  float output[NETWORK_CLASSES], largest = 0.0f;
  int wrong = 0;
  for (int sample = 0; sample < SAMPLES; ++sample) {{
    network_run(inputs + sample * NETWORK_INPUTS, output);
    for (int i = 0; i < NETWORK_CLASSES; ++i) {{
      const float signed_difference = output[i] - outputs[sample * NETWORK_CLASSES + i];
      const float difference = signed_difference < 0.0f ? -signed_difference : signed_difference;
      /* Written so that a NaN is wrong, too. */
      if (!(difference <= TOLERANCE)) ++wrong;
      if (difference > largest) largest = difference;
    }}
  }}
  printf("%d of %d numbers differ; largest difference %g\n", wrong, SAMPLES * NETWORK_CLASSES,
         (double)largest);
  return wrong != 0;
}}
)";

std::string test(const Shape& input, const TestVector& vector) {
  const Tensor inputs{{vector.samples, input.channels, input.height, input.width}, vector.inputs};
  return fmt::format(fmt::runtime(kTest), fmt::arg("samples", vector.samples),
                     fmt::arg("inputs", c_array("inputs", channels_last(inputs))),
                     fmt::arg("outputs", c_array("outputs", vector.outputs)),
                     fmt::arg("tolerance", c_number(static_cast<float>(vector.tolerance()))));
}

constexpr std::string_view kMakefile =
    R"(# make: compiles the network; make test: runs it on its test vector.
CFLAGS = -std=c99 -Wall -Wextra -Werror -O2

network.o: network.c network.h network_weights.h
	$(CC) $(CFLAGS) -c network.c -o $@

network_test: network_test.c network.o
	$(CC) $(CFLAGS) network_test.c network.o -lm -o $@

test: network_test
	./network_test

clean:
	rm -f network.o network_test

.PHONY: test clean
)";

}  // namespace

std::vector<SourceFile> c_source(const CProgram& program, const Shape& input,
                                 const NetworkFacts& facts, const TestVector& vector) {
  return {{"network.h", header(program, input, facts, vector.classes())},
          {"network.c", source(facts, program)},
          {"network_weights.h", program.constants},
          {"network_test.c", test(input, vector)},
          {"Makefile", std::string(kMakefile)}};
}

}  // namespace nas
