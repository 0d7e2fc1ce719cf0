#include "tools/export_stage.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/finished_program.hpp"
#include "nas/core/json.hpp"
#include "nas/core/stop.hpp"
#include "tools/program.hpp"

namespace nas {
namespace {

std::string file_name(ExportFormat format) {
  switch (format) {
    case ExportFormat::onnx:
      return "network.onnx";
    case ExportFormat::torchscript:
      return "network.pt";
    case ExportFormat::c:
      return "c";
    case ExportFormat::safetensors:
      return "network.safetensors";
  }
  throw RunError("an export format of no known kind");
}

/// Without its line break.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

void run_export_stage(const ExportConfig& config, const RunFolder& folder, TrialStore& store,
                      const std::function<void(const std::string&)>& say) {
  Json done = Json::parse(store.get("export").value_or("{}"));
  for (const ExportFormat format : config.formats) {
    if (stop_requested()) throw Interrupted();
    const std::string name(to_text(format));
    const auto to = folder.best() / "export" / file_name(format);
    if (done.contains(name) && std::filesystem::exists(to)) continue;
    const FinishedProgram finished =
        run_program({tensor_program().string(), "export", folder.root().string(), "--format", name,
                     "--to", to.string()},
                    folder.worker_errors());
    for (const auto& line : finished.lines) say(line);
    if (!finished.succeeded()) {
      throw RunError(fmt::format("export as {} failed ({}): {}", name, finished.how,
                                 last_line(finished.errors)));
    }
    done[name] = true;
    store.put("export", done.dump());
  }
}

}  // namespace nas
