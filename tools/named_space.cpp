#include "tools/named_space.hpp"

#include <vector>

#include "nas/config/yaml_reader.hpp"
#include "search_spaces/registry.hpp"

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

}  // namespace nas
