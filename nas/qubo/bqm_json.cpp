#include <fmt/core.h>

#include <cmath>
#include <set>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"
#include "nas/core/text.hpp"
#include "nas/qubo/model_file.hpp"

namespace nas {
namespace {

/// Reads one document, and says where in it something is wrong.
class BqmReader {
 public:
  explicit BqmReader(const std::string& file) : file_(file) {}

  QuadraticModel read(const std::string& text) {
    json_ = parsed(text);
    check_head();
    QuadraticModel model;
    model.vartype = vartype();
    model.offset = number(json_.value("offset", Json(0.0)), "offset");
    model.linear = numbers("linear_biases");
    model.names = names(model.size());
    add_interactions(model);
    try {
      model.meaning = meaning_from_json(json_.value("info", Json()), model.size());
    } catch (const InputError& error) {
      throw InputError(fmt::format("{}: {}", file_, error.what()));
    }
    return model;
  }

 private:
  [[noreturn]] void fail(const std::string& where, const Json& found,
                         const std::string& expected) const {
    throw InputError(fmt::format("{}: {}: found {}, expected {}", file_, where,
                                 printable(found.dump()), expected));
  }

  Json parsed(const std::string& text) const {
    try {
      return parse_json(text);
    } catch (const Json::parse_error& error) {
      const size_t end = std::min(error.byte, text.size());
      const auto lines = std::count(text.begin(), text.begin() + static_cast<long>(end), '\n');
      throw InputError(fmt::format("{}:{}: found no JSON: {}", file_, lines + 1, error.what()));
    }
  }

  void check_head() const {
    if (!json_.is_object() || json_.value("type", Json()) != "BinaryQuadraticModel") {
      throw InputError(
          fmt::format("{}: expected a JSON object with \"type\": \"BinaryQuadraticModel\"", file_));
    }
    const Json version = json_.value("version", Json::object());
    const Json schema = version.is_object() ? version.value("bqm_schema", Json()) : version;
    if (schema != "3.0.0") fail("version.bqm_schema", schema, "\"3.0.0\"");
    const Json bytes = json_.value("use_bytes", Json(false));
    if (bytes != false) fail("use_bytes", bytes, "false");
  }

  Vartype vartype() const {
    const Json found = json_.value("variable_type", Json());
    if (found == "BINARY") return Vartype::binary;
    if (found != "SPIN") fail("variable_type", found, "\"BINARY\" or \"SPIN\"");
    return Vartype::spin;
  }

  double number(const Json& value, const std::string& where) const {
    if (!value.is_number() || !std::isfinite(value.get<double>())) fail(where, value, "a number");
    return value.get<double>();
  }

  const Json& list(const std::string& key) const {
    if (!json_.contains(key) || !json_[key].is_array()) {
      fail(key, json_.value(key, Json()), "a list");
    }
    return json_[key];
  }

  std::vector<double> numbers(const std::string& key) const {
    std::vector<double> values;
    for (const Json& item : list(key)) {
      values.push_back(number(item, fmt::format("{}[{}]", key, values.size())));
    }
    return values;
  }

  /// Labels that are no texts are named by their JSON.
  std::vector<std::string> names(int64_t variables) const {
    std::vector<std::string> found;
    std::set<std::string> seen;
    const Json& labels = list("variable_labels");
    if (labels.size() != static_cast<size_t>(variables)) {
      fail("variable_labels", labels.size(), fmt::format("{}, one a linear bias", variables));
    }
    for (const Json& label : labels) {
      found.push_back(label.is_string() ? label.get<std::string>() : label.dump());
      if (!seen.insert(found.back()).second) {
        fail(fmt::format("variable_labels[{}]", found.size() - 1), label, "each label once");
      }
    }
    return found;
  }

  int64_t index(const std::string& key, size_t place, int64_t variables) const {
    const Json& value = list(key)[place];
    const bool whole = value.is_number_integer();
    if (!whole || value.get<int64_t>() < 0 || value.get<int64_t>() >= variables) {
      fail(fmt::format("{}[{}]", key, place), value,
           fmt::format("a variable from 0 to {}", variables - 1));
    }
    return value.get<int64_t>();
  }

  void add_interactions(QuadraticModel& model) const {
    const auto biases = numbers("quadratic_biases");
    for (const char* key : {"quadratic_head", "quadratic_tail"}) {
      if (list(key).size() != biases.size()) {
        fail(key, list(key).size(), fmt::format("{}, one a quadratic bias", biases.size()));
      }
    }
    for (size_t k = 0; k < biases.size(); ++k) {
      const int64_t head = index("quadratic_head", k, model.size());
      const int64_t tail = index("quadratic_tail", k, model.size());
      if (head == tail) fail(fmt::format("quadratic_tail[{}]", k), tail, "two variables");
      model.add(head, tail, biases[k]);
    }
  }

  const std::string& file_;
  Json json_;
};

}  // namespace

QuadraticModel model_from_bqm_json(const std::string& text, const std::string& file) {
  return BqmReader(file).read(text);
}

std::string to_bqm_json(const QuadraticModel& model) {
  Json heads = Json::array();
  Json tails = Json::array();
  Json biases = Json::array();
  for (const auto& [pair, bias] : model.quadratic) {
    heads.push_back(pair.first);
    tails.push_back(pair.second);
    biases.push_back(bias);
  }
  const Json json = {{"type", "BinaryQuadraticModel"},
                     {"version", {{"bqm_schema", "3.0.0"}}},
                     {"use_bytes", false},
                     {"index_type", "int32"},
                     {"bias_type", "float64"},
                     {"num_variables", model.size()},
                     {"num_interactions", model.quadratic.size()},
                     {"variable_labels", model.names},
                     {"variable_type", to_text(model.vartype)},
                     {"offset", model.offset},
                     {"info", to_json(model.meaning)},
                     {"linear_biases", model.linear},
                     {"quadratic_biases", biases},
                     {"quadratic_head", heads},
                     {"quadratic_tail", tails}};
  return json.dump() + "\n";
}

}  // namespace nas
