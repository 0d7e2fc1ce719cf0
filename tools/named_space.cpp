#include "tools/named_space.hpp"

#include <filesystem>
#include <vector>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "search_spaces/registry.hpp"
#include "tools/assemble.hpp"

namespace nas {

std::unique_ptr<Space> make_named_space(const std::string& name,
                                        std::span<const std::string> options,
                                        const TaskShape& task) {
  std::vector<std::string> overrides;
  for (const auto& option : options) overrides.push_back("space." + option);
  Component<Space, TaskShape> space;
  read_config_text("space: {type: \"" + name + "\"}", "space", overrides, [&](Section& section) {
    space = read_component(section, "space", "what can be chosen", space_registry());
  });
  return space.make(task);
}

std::unique_ptr<Space> find_space(const std::string& source, std::span<const std::string> overrides,
                                  const TensorParts& parts) {
  std::filesystem::path file = source;
  if (std::filesystem::is_directory(file)) file /= "config.yaml";
  if (std::filesystem::exists(file)) {
    return read_space_experiment(file, overrides, parts).make_space();
  }
  // No space has such a name.
  if (source.find_first_of("./") != std::string::npos) {
    throw InputError(file.string() + ": no such file");
  }
  return make_named_space(source, overrides, TaskShape{});
}

}  // namespace nas
