#include "nas/export/export.hpp"

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/export/c_source.hpp"
#include "nas/export/fold.hpp"
#include "nas/export/onnx.hpp"
#include "nas/export/python_module.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

ExportFiles files_of(ExportFormat format, const ExportSource& source, const fs::path& to) {
  ExportFiles files;
  switch (format) {
    case ExportFormat::onnx: {
      const TrainedNetwork folded = with_folded_batch_norms(source.network);
      files.emplace_back(to, encode_onnx(onnx_model(folded, source.facts)));
      break;
    }
    case ExportFormat::torchscript: {
      const TrainedNetwork folded = with_folded_batch_norms(source.network);
      files.emplace_back(to, source.scripts.encode(folded, source.facts));
      break;
    }
    case ExportFormat::c: {
      const TrainedNetwork folded = with_folded_batch_norms(source.network);
      for (auto& [name, content] :
           c_source(c_program(folded), folded.input, source.facts, source.vector)) {
        files.emplace_back(to / name, std::move(content));
      }
      return files;
    }
    case ExportFormat::safetensors: {
      const fs::path module = module_beside(to);
      if (module == to) throw UsageError(to.string() + ": is the name of the Python module");
      files.emplace_back(to, encode_weights(source.network, source.facts));
      files.emplace_back(module,
                         python_module(source.network, source.facts, to.filename().string()));
      break;
    }
  }
  files.emplace_back(vector_beside(to), encode_test_vector(source.vector, source.network.input));
  return files;
}

}  // namespace

std::string_view to_text(ExportFormat format) {
  return std::find_if(kExportFormats.begin(), kExportFormats.end(),
                      [&](const auto& row) { return row.second == format; })
      ->first;
}

fs::path module_beside(const fs::path& weights) {
  return fs::path(weights).replace_extension(".py");
}

fs::path vector_beside(const fs::path& file) {
  return file.parent_path() / (file.filename().string() + ".test.safetensors");
}

std::vector<fs::path> write_files(const ExportFiles& files) {
  std::vector<fs::path> written;
  for (const auto& [path, content] : files) {
    std::error_code error;
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
    if (error) throw RunError(path.parent_path().string() + ": " + error.message());
    write_file_atomically(path, content);
    written.push_back(path);
  }
  return written;
}

std::vector<fs::path> write_export(ExportFormat format, const ExportSource& source,
                                   const fs::path& to) {
  return write_files(files_of(format, source, to));
}

}  // namespace nas
