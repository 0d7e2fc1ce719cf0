#include <fmt/core.h>
#include <stdlib.h>

#include "nas/core/clock.hpp"
#include "nas/core/finished_program.hpp"
#include "nas/core/host.hpp"
#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "tools/doctor.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

constexpr double kPatience = 60;  // seconds: LibTorch with CUDA from a cold network disk
constexpr const char* kDevices = "devices";

/// An empty folder that goes with the object.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "nas-doctor-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path file() const { return path_ / "errors"; }

 private:
  std::filesystem::path path_;
};

/// What nas-tensor says of its devices; nothing, and a fault noted, where it does not start.
std::optional<Json> ask_tensor_program(Findings& findings) {
  const auto program = tensor_program();
  if (!std::filesystem::exists(program)) {
    findings.push_back({"nas-tensor", Health::fault, program.string() + " is not there",
                        "build it beside nas: tools/setup, or cmake with NAS_TORCH=ON"});
    return std::nullopt;
  }
  const Scratch scratch;
  const double began = steady_seconds();
  const auto done = run_program({program.string(), kDevices}, scratch.file(), kPatience);
  const Json json =
      done.lines.empty() ? Json() : Json::parse(done.lines.front(), nullptr, /*exceptions=*/false);
  if (!done.succeeded() || !json.is_object()) {
    findings.push_back(
        {"nas-tensor", Health::fault,
         fmt::format("{}: {}{}", program.string(), done.timed_out ? "does not answer, " : "",
                     printable(done.errors.empty() ? done.how : done.errors)),
         "LibTorch may have been moved or removed: run tools/setup again"});
    return std::nullopt;
  }
  findings.push_back({"nas-tensor", Health::ok,
                      fmt::format("starts in {}", format_short_time(steady_seconds() - began)),
                      ""});
  return json;
}

std::string version_of(int64_t number, int64_t unit) {  // 12060 with unit 1000 is 12.6
  return fmt::format("{}.{}", number / unit, number % unit / (unit / 100));
}

void tell_cuda(const Json& device, Findings& findings) {
  const Json& cuda = device["cuda"];
  std::string found = cuda.value("name", "a CUDA device");
  if (cuda.contains("memory")) {
    found += fmt::format(", {:.0f} GB", static_cast<double>(cuda["memory"].get<int64_t>()) / 1e9);
  }
  found += ", CUDA " + version_of(cuda.value("runtime", int64_t{0}), 1000);
  if (cuda.contains("cudnn")) {
    const auto cudnn = cuda["cudnn"].get<int64_t>();  // 90100 is 9.1.0
    found += fmt::format(", cuDNN {}.{}", cudnn / 10000, cudnn / 100 % 100);
  }
  findings.push_back({device["device"].get<std::string>(), Health::ok, found, ""});
}

void tell_absent_cuda(bool wanted, Findings& findings) {
  if (wanted) {
    findings.push_back({"cuda", Health::fault, "the configuration asks for it and there is none",
                        "use --device auto or cpu; with an NVIDIA card, install its driver and a "
                        "LibTorch with CUDA"});
  } else if (has_nvidia_driver()) {
    findings.push_back({"cuda", Health::warning, "an NVIDIA card that LibTorch does not see",
                        "install a LibTorch with CUDA (Torch_DIR) that this driver serves"});
  } else {
    findings.push_back({"cuda", Health::ok, "no GPU: the processor trains", ""});
  }
}

}  // namespace

void examine_tensor_program(const std::string& device, Findings& findings) {
  const auto answer = ask_tensor_program(findings);
  if (!answer) return;
  const Json& cpu = (*answer)["cpu"];
  findings.push_back({"LibTorch", Health::ok,
                      fmt::format("{}, {} on the processor", cpu["libtorch"].get<std::string>(),
                                  cpu["cpu"]["capability"].get<std::string>()),
                      ""});
  const Json& cuda = (*answer)["cuda"];
  for (const auto& one : cuda) tell_cuda(one, findings);
  if (cuda.empty()) tell_absent_cuda(device.starts_with("cuda"), findings);
  const std::string number = device.starts_with("cuda:") ? device.substr(5) : "0";
  if (!cuda.empty() && std::strtoul(number.c_str(), nullptr, 10) >= cuda.size()) {
    findings.push_back({"device", Health::fault,
                        fmt::format("the configuration asks for {}", device),
                        fmt::format("there are {} CUDA devices, numbered from 0", cuda.size())});
  }
}

}  // namespace nas
