#include "tools/write_report.hpp"

#include "nas/core/file.hpp"
#include "nas/report/html.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/output.hpp"
#include "tools/report_of_run.hpp"

namespace nas {

void write_report(const std::filesystem::path& folder, const TensorParts& parts) {
  const OpenedRun run = open_run(folder, parts);
  write_file_atomically(RunFolder(folder).report(), render_report(ReportOfRun(run).now()));
}

}  // namespace nas
