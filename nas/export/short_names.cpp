#include "nas/export/short_names.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace nas {

void shorten_value_names(OnnxModel& model) {
  std::map<std::string, std::string> names{{model.input.name, model.input.name},
                                           {model.output.name, model.output.name}};
  const auto shorten = [&names](std::string& name) {
    name = names.emplace(name, fmt::format("v{}", names.size())).first->second;
  };
  for (OnnxNode& node : model.nodes) {
    for (std::string& name : node.inputs) shorten(name);
    for (std::string& name : node.outputs) shorten(name);
  }
  for (OnnxTensor& tensor : model.initializers) shorten(tensor.name);
}

}  // namespace nas
