#include "nas/qubo/model_file.hpp"

#include <fmt/core.h>

#include <array>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"

namespace nas {
namespace {

struct Format {
  std::string_view extension;
  QuadraticModel (*read)(const std::string& text, const std::string& file);
  std::string (*write)(const QuadraticModel& model);
};

constexpr std::array<Format, 3> kFormats{{{".json", model_from_bqm_json, to_bqm_json},
                                          {".qubo", model_from_qubo, to_qubo},
                                          {".coo", model_from_coo, to_coo}}};

const Format& format_of(const std::filesystem::path& file) {
  for (const Format& format : kFormats) {
    if (file.extension() == format.extension) return format;
  }
  throw UsageError(fmt::format("{}: found the extension '{}', expected .json, .qubo or .coo",
                               file.string(), file.extension().string()));
}

}  // namespace

QuadraticModel read_model(const std::filesystem::path& file) {
  const Format& format = format_of(file);
  return format.read(read_file(file), file.string());
}

void write_model(const std::filesystem::path& file, const QuadraticModel& model) {
  write_file_atomically(file, format_of(file).write(model));
}

}  // namespace nas
