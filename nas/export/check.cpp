#include "nas/export/check.hpp"

#include <fmt/core.h>
#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "nas/config/locate.hpp"
#include "nas/core/error.hpp"
#include "nas/core/finished_program.hpp"
#include "nas/core/text.hpp"
#include "nas/export/check_scripts.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMissing = "exit status 77";

/// A folder for what a check makes, gone afterwards.
class Workshop {
 public:
  Workshop() {
    std::string name = (fs::temp_directory_path() / "nas-export-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw RunError("no temporary folder: " + name);
    path_ = name;
  }
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

[[noreturn]] void fail(const fs::path& what, const FinishedProgram& ending) {
  std::string said;
  for (const auto& line : ending.lines) said += "\n  " + printable(line);
  throw RunError(fmt::format("{}: does not give what the network gives ({}){}\n{}", what.string(),
                             ending.how, said, ending.errors));
}

/// A script's last line is the difference, a space and what ran the network.
ExportCheck outcome(const fs::path& what, const FinishedProgram& ending) {
  if (!ending.succeeded() || ending.lines.empty()) fail(what, ending);
  const std::string& line = ending.lines.back();
  const size_t space = line.find(' ');
  if (space == line.npos) fail(what, ending);
  return {true, line.substr(space + 1), std::strtod(line.c_str(), nullptr)};
}

/// Absolute; empty where there is no such program.
std::string program_path(const std::string& name) { return locate_program(name, ".").string(); }

ExportCheck check_in_python(std::string_view script, const std::vector<std::string>& files) {
  const std::string python = program_path("python3");
  if (python.empty()) return {false, "there is no python3", 0};
  const Workshop workshop;
  std::vector<std::string> arguments{python, "-c", std::string(script)};
  arguments.insert(arguments.end(), files.begin(), files.end());
  const FinishedProgram ending = run_program(arguments, workshop / "errors");
  if (ending.how == kMissing && !ending.lines.empty()) return {false, ending.lines.back(), 0};
  return outcome(files.front(), ending);
}

}  // namespace

ExportCheck check_onnx(const fs::path& file, OnnxAgreement agreement) {
  const std::string mode = agreement == OnnxAgreement::classes ? "classes" : "numbers";
  return check_in_python(onnx_check_script(), {file.string(), vector_beside(file).string(), mode});
}

ExportCheck check_c(const fs::path& folder) {
  const char* chosen = std::getenv("CC");
  const std::string name = chosen == nullptr || *chosen == '\0' ? "cc" : chosen;
  const std::string compiler = program_path(name);
  if (compiler.empty()) return {false, "there is no compiler " + name, 0};
  const Workshop workshop;
  const std::string program = (workshop / "test").string();
  FinishedProgram ending = run_program(
      {compiler, "-std=c99", "-Wall", "-Wextra", "-Werror", "-O2", (folder / "network.c").string(),
       (folder / "network_test.c").string(), "-lm", "-o", program},
      workshop / "errors");
  if (!ending.succeeded()) fail(folder, ending);
  ending = run_program({program}, workshop / "errors");
  if (!ending.succeeded() || ending.lines.empty()) fail(folder, ending);
  const std::string& line = ending.lines.back();
  return {true, compiler, std::strtod(line.substr(line.rfind(' ') + 1).c_str(), nullptr)};
}

namespace {

ExportCheck check_script(const ExportSource& source, const fs::path& to) {
  const TestVector& vector = source.vector;
  const auto given = source.scripts.outputs(to, source.network.input, vector.inputs);
  ExportCheck check{true, "LibTorch", 0};
  for (size_t i = 0; i < vector.outputs.size(); ++i) {
    const double difference = std::fabs(double{given.at(i)} - double{vector.outputs[i]});
    // Written so that a NaN is wrong, too.
    if (!(difference <= vector.tolerance())) {
      throw RunError(
          fmt::format("{}: does not give what the network gives: output {} is {}, not {}",
                      to.string(), i, given[i], vector.outputs[i]));
    }
    check.difference = std::max(check.difference, difference);
  }
  return check;
}

}  // namespace

ExportCheck check_export(ExportFormat format, const ExportSource& source, const fs::path& to) {
  switch (format) {
    case ExportFormat::onnx:
      return check_onnx(to, OnnxAgreement::numbers);
    case ExportFormat::torchscript:
      return check_script(source, to);
    case ExportFormat::c:
      return check_c(to);
    case ExportFormat::safetensors:
      return check_in_python(module_check_script(),
                             {module_beside(to).string(), vector_beside(to).string()});
  }
  throw RunError("an export format of no known kind");
}

}  // namespace nas
