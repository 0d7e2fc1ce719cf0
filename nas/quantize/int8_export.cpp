#include "nas/quantize/int8_export.hpp"

#include "nas/core/error.hpp"
#include "nas/export/c_program.hpp"
#include "nas/export/c_source.hpp"

namespace nas {
namespace {

[[noreturn]] void refuse(ExportFormat format) {
  throw UsageError("--int8: found " + std::string(to_text(format)) + ", expected onnx or c");
}

}  // namespace

std::vector<std::filesystem::path> write_int8_export(ExportFormat format, const Int8Source& source,
                                                     const std::filesystem::path& to) {
  const Shape& input = source.network.network.input;
  if (format == ExportFormat::onnx) {
    return write_files({{to, encode_onnx(onnx_model(source.network, source.facts, source.type))},
                        {vector_beside(to), encode_test_vector(source.vector, input)}});
  }
  if (format != ExportFormat::c) refuse(format);
  ExportFiles files;
  const CProgram program = c_program(integer_network(source.network));
  for (auto& [name, content] : c_source(program, input, source.facts, source.vector)) {
    files.emplace_back(to / name, std::move(content));
  }
  return write_files(files);
}

ExportCheck check_int8_export(ExportFormat format, const std::filesystem::path& to) {
  if (format == ExportFormat::onnx) return check_onnx(to, OnnxAgreement::classes);
  if (format == ExportFormat::c) return check_c(to);
  refuse(format);
}

}  // namespace nas
