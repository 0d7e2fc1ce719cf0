#pragma once

#include <filesystem>
#include <string>

#include "nas/qubo/quadratic_model.hpp"

namespace nas {

/// Reads and writes a model in the format that the extension names:
///   .json  a binary quadratic model as D-Wave's dimod writes it (bqm_schema 3.0.0): names, offset
///          and, in `info`, the meaning
///   .qubo  the format of qbsolv: bits, numbered from 0, no offset
///   .coo   the coordinate list of dimod: numbered from 0, no offset
/// In the latter two the offset is a comment and names are lost: variable i is named i. Numbers are
/// written with all their digits and without exponents, which dimod's reader of .coo drops. Reading
/// throws InputError with file and line or place, what was found and what was expected; both throw
/// UsageError for another extension.
QuadraticModel read_model(const std::filesystem::path& file);
void write_model(const std::filesystem::path& file, const QuadraticModel& model);

/// The formats themselves; `file` names the text in errors.
QuadraticModel model_from_bqm_json(const std::string& text, const std::string& file);
std::string to_bqm_json(const QuadraticModel& model);
QuadraticModel model_from_qubo(const std::string& text, const std::string& file);
/// Of bits, whatever the model has.
std::string to_qubo(const QuadraticModel& model);
/// Without the line `# vartype=SPIN` or BINARY the variables are bits.
QuadraticModel model_from_coo(const std::string& text, const std::string& file);
std::string to_coo(const QuadraticModel& model);

}  // namespace nas
