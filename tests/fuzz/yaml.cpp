#include "nas/config/yaml_parser.hpp"
#include "nas/config/yaml_writer.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void yaml(std::string_view input) {
  ConfigNode root;
  if (!taken([&] { root = parse_yaml(input, "fuzz"); })) return;
  if (root.kind != ConfigNode::Kind::mapping) return;
  const std::string text = write_yaml(root);
  require(write_yaml(parse_yaml(text, "written")) == text, "what is written reads as it was");
}

}  // namespace nas::fuzz
